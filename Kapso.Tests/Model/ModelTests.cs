using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Kapso.Connections;
using Kapso.Connections.Storage;

namespace Kapso.Tests.Model;

/// <summary>
/// Random interleavings of deliveries, API answers, crashes, unknown outcomes and time jumps against a simple model that was
/// written from the design. <c>KAPSO_MODEL_SEED</c> repeats a run, <c>KAPSO_MODEL_SEQUENCES</c> sets its length.
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int DefaultSequences = 10_000;

    /// <summary>A run repeats these sequences unless it is given another seed.</summary>
    private const int DefaultSeed = 7;

    [Fact]
    public void Whatever_happens_in_whatever_order_the_decisions_agree_with_the_design()
    {
        var seed = FromEnvironment("KAPSO_MODEL_SEED") ?? DefaultSeed;
        var sequences = FromEnvironment("KAPSO_MODEL_SEQUENCES") ?? DefaultSequences;
        output.WriteLine($"KAPSO_MODEL_SEED={seed} KAPSO_MODEL_SEQUENCES={sequences}");

        var failed = new ConcurrentBag<int>();
        var visits = new ConcurrentBag<int[,]>();
        var reached = new ConcurrentDictionary<string, bool>();
        Parallel.For(0, sequences, (index, loop) =>
        {
            var world = new World(Scenario.Generate(seed, index));
            if (FailureOf(world) is not null)
            {
                failed.Add(index);
                loop.Stop();
            }

            visits.Add(world.Visits);
            foreach (var bound in world.Reached)
                reached[bound] = true;
        });

        if (!failed.IsEmpty)
            Assert.Fail(Report(seed, sequences, failed.Min()));
        if (sequences < DefaultSequences)
            return;
        AssertEveryCellVisited(visits);
        Assert.True(reached.Count == 5, $"Of the bounds, only these were reached: {string.Join(", ", reached.Keys)}.");
    }

    [Fact]
    public void No_observation_makes_a_decision_throw_wherever_a_customer_stands()
    {
        var seed = FromEnvironment("KAPSO_MODEL_SEED") ?? DefaultSeed;
        output.WriteLine($"KAPSO_MODEL_SEED={seed}");
        for (var index = 0; index < 300; index++)
        {
            var scenario = Scenario.Generate(seed, index);
            var world = new World(scenario);
            world.Run();
            var random = new Random(unchecked(seed + index));
            foreach (var connection in world.Written)
            {
                for (var i = 0; i < 20; i++)
                    Fold(connection, Wild.Observation(random, connection), scenario.Policy, seed, index);
            }
        }
    }

    private static void Fold(Connection connection, Observation observation, ConnectionPolicy policy, int seed, int index)
    {
        try
        {
            var after = Connections.Decisions.Observe(connection, observation, policy, observation.ReceivedAt).Connection;
            var bytes = ConnectionJson.Write(after);
            if (!bytes.AsSpan().SequenceEqual(ConnectionJson.Write(ConnectionJson.Read(bytes))))
                throw new ModelFailure("What was written is not what is read.");
        }
#pragma warning disable CA1031 // Nothing may throw, whatever it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Assert.Fail($"KAPSO_MODEL_SEED={seed}, sequence {index}: {observation}: {exception}");
        }
    }

    private static int? FromEnvironment(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string? FailureOf(World world)
    {
        try
        {
            world.Run();
            return null;
        }
        catch (ModelFailure failure)
        {
            return failure.Message;
        }
#pragma warning disable CA1031 // Nothing may throw, whatever it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.ToString();
        }
    }

    /// <summary>The failing sequence, cut down to steps that all matter, and what happened in it.</summary>
    private static string Report(int seed, int sequences, int index)
    {
        var scenario = Shrunk(Scenario.Generate(seed, index));
        var story = new StringBuilder();
        var failure = FailureOf(new World(scenario, line => story.AppendLine(line)));
        return $"{failure}\nRepeat with KAPSO_MODEL_SEED={seed} KAPSO_MODEL_SEQUENCES={sequences} (sequence {index}).\n"
            + $"API key {scenario.Policy.CanConfirm}, notify {scenario.Policy.Notifies}, sole holder {scenario.Sole}, "
            + $"{scenario.Policy.MaxAttempts} attempts, since {scenario.Policy.WelcomeSince:HH:mm}; {scenario.Steps.Count} steps:\n{story}";
    }

    private static Scenario Shrunk(Scenario scenario)
    {
        for (var chunk = scenario.Steps.Count / 2; chunk > 0; chunk /= 2)
        {
            for (var from = 0; from < scenario.Steps.Count;)
            {
                var shorter = scenario with { Steps = [.. scenario.Steps.Take(from), .. scenario.Steps.Skip(from + chunk)] };
                if (FailureOf(new World(shorter)) is not null)
                    scenario = shorter;
                else
                    from += chunk;
            }
        }

        return scenario;
    }

    private static void AssertEveryCellVisited(IEnumerable<int[,]> visits)
    {
        var total = new int[8, 5];
        foreach (var one in visits)
        {
            for (var cell = 0; cell < total.Length; cell++)
                total[cell / 5, cell % 5] += one[cell / 5, cell % 5];
        }

        for (var cell = 0; cell < total.Length; cell++)
            Assert.True(total[cell / 5, cell % 5] > 0, $"No sequence brought {(News)(cell / 5)} to a number that is {(Standing)(cell % 5)}.");
    }
}
