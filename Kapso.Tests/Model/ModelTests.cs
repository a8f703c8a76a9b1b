using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Kapso.Connections.Storage;

namespace Kapso.Tests.Model;

/// <summary>
/// Random interleavings of deliveries, API answers, crashes, unknown outcomes and time jumps against a simple model that was
/// written from the design. <c>KAPSO_MODEL_SEED</c> repeats a run, <c>KAPSO_MODEL_SEQUENCES</c> sets its length.
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int DefaultSequences = 10_000;

    /// <summary>How often a run may be prolonged by its own length until it has tried everything.</summary>
    private const int MaxRounds = 5;

    [Fact]
    public void Whatever_happens_in_whatever_order_the_decisions_agree_with_the_design()
    {
        var seed = Seed();
        var sequences = FromEnvironment("KAPSO_MODEL_SEQUENCES") ?? DefaultSequences;
        output.WriteLine($"KAPSO_MODEL_SEED={seed} KAPSO_MODEL_SEQUENCES={sequences}");

        var coverage = new Coverage();
        for (var round = 0; round == 0 || (round < MaxRounds && coverage.Missing().Count > 0); round++)
            Play(seed, round * sequences, sequences, coverage);

        // A short run is for one sequence's sake.
        if (sequences >= DefaultSequences)
            Assert.True(coverage.Missing().Count == 0, $"No sequence brought {string.Join(", ", coverage.Missing())} (KAPSO_MODEL_SEED={seed}).");
    }

    [Fact]
    public void No_observation_makes_a_decision_throw_wherever_a_customer_stands()
    {
        var seed = Seed();
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

    /// <summary>Another one in each run, so that many runs try more than one does.</summary>
    private static int Seed() => FromEnvironment("KAPSO_MODEL_SEED") ?? Random.Shared.Next(1, int.MaxValue);

    private static void Play(int seed, int from, int count, Coverage coverage)
    {
        var failed = new ConcurrentBag<int>();
        // Without a bound the loop takes every thread that the pool adds, and the tests beside it get none.
        Parallel.For(from, from + count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (index, loop) =>
        {
            var world = new World(Scenario.Generate(seed, index));
            if (FailureOf(world) is not null)
            {
                failed.Add(index);
                loop.Stop();
            }

            coverage.Add(world);
        });

        if (!failed.IsEmpty)
            Assert.Fail(Report(seed, from + count, failed.Min()));
    }

    private static void Fold(Connection connection, Observation observation, ConnectionPolicy policy, int seed, int index)
    {
        try
        {
            var after = Decisions.Observe(connection, observation, policy, observation.ReceivedAt).Connection;
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
}
