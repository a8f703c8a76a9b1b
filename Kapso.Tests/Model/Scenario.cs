namespace Kapso.Tests.Model;

/// <summary>What a step does; how, is up to its numbers and to where the world stands.</summary>
internal enum StepKind
{
    Webhook,
    Redirect,
    FailedSetup,
    ApiList,
    Redeliver,
    ReplayParked,
    AddLink,
    Pump,
    LateResult,
    Operator,
    Time,
    Settings,
}

/// <summary>One step: plain numbers, so that a failing sequence can be printed, cut down and repeated.</summary>
internal readonly record struct Step(StepKind Kind, int Customer, int Number, int A, int B, int C)
{
    public override string ToString() => $"{Kind}({Customer}, {Number}, {A}, {B}, {C})";
}

/// <summary>A sequence and the circumstances under which it runs.</summary>
internal sealed record Scenario(ConnectionPolicy Policy, bool Sole, int Numbers, IReadOnlyList<Step> Steps)
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private const int Range = 1 << 20;

    /// <summary>How often each kind of step comes, in a hundred, in the order of <see cref="StepKind"/>.</summary>
    private static readonly int[] Usual = [26, 13, 4, 6, 5, 4, 2, 20, 4, 4, 11, 1];

    /// <summary>Much news and little rest, so that every bound is reached.</summary>
    private static readonly int[] Flood = [56, 16, 4, 6, 2, 1, 6, 3, 1, 1, 4, 0];

    /// <summary>The sequence with this seed and index: the same one every time.</summary>
    public static Scenario Generate(int seed, int index)
    {
        var random = new Random(HashSeed(seed, index));
        var flood = index % 1_000 == 499;
        var policy = new ConnectionPolicy
        {
            CanConfirm = random.Next(3) > 0,
            Notifies = random.Next(4) > 0 || flood,
            GreetsSamePhone = random.Next(4) == 0,
            WelcomeSince = Start.AddHours(-random.Next(3)),
            MaxAttempts = random.Next(2) == 0 ? 3 : 20,
            Lease = TimeSpan.FromSeconds(random.Next(2) == 0 ? 60 : 240),
        };
        var steps = new Step[flood ? 450 : random.Next(20, 61)];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = new Step(
                Pick(random, flood ? Flood : Usual), flood ? 0 : random.Next(2), random.Next(Range),
                random.Next(Range), random.Next(Range), random.Next(Range));
        }

        return new Scenario(policy, random.Next(2) == 0, flood ? 60 : random.Next(1, 6), steps);
    }

    private static StepKind Pick(Random random, int[] weights)
    {
        var roll = random.Next(weights.Sum());
        var kind = 0;
        while ((roll -= weights[kind]) >= 0)
            kind++;
        return (StepKind)kind;
    }

    private static int HashSeed(int seed, int index) => unchecked((seed * (int)2654435761) ^ (index * 40503) ^ (index << 16));
}
