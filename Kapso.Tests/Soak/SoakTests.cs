using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kapso.Simulator.Faults;
using Kapso.Simulator.World;

namespace Kapso.Tests.Soak;

/// <summary>
/// The real service against the simulator, with every fault and every shape of delivery, killed again and again: left alone
/// afterwards, it knows of every customer what is so, and each of them was welcomed once.
/// </summary>
/// <remarks>
/// <c>KAPSO_SOAK</c> sets the number of customers, <c>KAPSO_SOAK_SEED</c> the seed. What each customer does and what befalls
/// which delivery follow from the seed; how they come together does not.
/// </remarks>
[Long]
[Collection(RunsAlone.Name)]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int CustomersPerKill = 100;
    private const int MostKills = 12;
    private const int Workers = 16;
    private const int HealingLives = 12;
    private const double Factor = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private static readonly ImmutableDictionary<FaultKind, double> Rates = new Dictionary<FaultKind, double>
    {
        [FaultKind.Duplicate] = 0.1,
        [FaultKind.Delay] = 0.1,
        [FaultKind.Reorder] = 0.1,
        [FaultKind.DropWebhook] = 0.05,
        [FaultKind.DropRedirect] = 0.1,
        [FaultKind.RedirectFirst] = 0.1,
        [FaultKind.LaggingApi] = 0.1,
        [FaultKind.TooManyRequests] = 0.002,
        [FaultKind.ServerError] = 0.03,
        [FaultKind.LostAnswer] = 0.02,
        [FaultKind.TimeoutAfterAccepting] = 0.01,
        [FaultKind.BrokenBody] = 0.03,
    }.ToImmutableDictionary();

    [Fact]
    public async Task Whatever_befalls_them_every_customer_ends_as_the_platform_has_them_and_is_welcomed_once()
    {
        var watch = Stopwatch.StartNew();
        var count = Setting("KAPSO_SOAK") ?? 400;
        var seed = Setting("KAPSO_SOAK_SEED") ?? Random.Shared.Next();
        output.WriteLine($"KAPSO_SOAK={count} KAPSO_SOAK_SEED={seed}");
        using var patience = new CancellationTokenSource(Patience);
        using var folder = new TemporaryFolder();
        var port = LoopbackPort.Free();
        await using var company = await Company.StartAsync();
        await using var simulator = await SimulatorHost.StartAsync(
            options =>
            {
                options.Seed = seed;
                options.TimeFactor = Factor;
                options.WebhookUrl = new Uri(SoakService.AddressOf(port), $"/webhooks/project/{options.ProjectId}");
            },
            time: TimeProvider.System);
        await using var service = new SoakService(simulator, port, company.Address, folder.Path);
        var platform = simulator.Platform;
        var customers = Lives.Draw(
            new Random(seed), [.. Enumerable.Range(0, count).Select(i => platform.CreateCustomer($"Customer {i}", null)!.Id)]);

        // The first life: nothing is older than it, so that nobody is adopted.
        await service.StartAsync(patience.Token);
        platform.Dice.Plan = new FaultPlan { Rates = Rates };
        company.Falters = true;
        var crowd = new Crowd(customers, seed);
        var kills = Math.Clamp(count / CustomersPerKill, 3, MostKills);
        await PlayAsync(crowd, customers.Sum(one => one.Life.Length), kills, simulator, service, new Random(seed), patience.Token);
        output.WriteLine($"played {crowd.Acts} acts in {watch.Elapsed.TotalSeconds:0} s");

        platform.Dice.Plan = new FaultPlan();
        company.Falters = false;
        var lives = await HealAsync(customers, simulator, service, company, patience.Token);

        var truth = await simulator.ControlAsync(HttpMethod.Get, "truth");
        Assert.Equal(company.Welcomes.Count, company.Welcomes.Values.Distinct().Count());
        foreach (var list in (string[])["/effects?status=held", "/effects?status=dead", "/parked"])
            Assert.Empty((await service.AskAsync(HttpMethod.Get, list)).GetProperty("items").EnumerateArray());
        output.WriteLine(
            $"{count} customers, {crowd.Acts} acts, {kills} kills, {lives} lives to heal, deliveries {truth.GetProperty("deliveries").GetRawText()}, "
            + $"{company.Welcomes.Count} welcomes ({company.Received} received, {company.Failed} of them failed), {watch.Elapsed.TotalSeconds:0} s");
        output.WriteLine(string.Join(", ", platform.Dice.Fallen.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}")));
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Plays all lives, and kills the service at random moments of it.</summary>
    private static async Task PlayAsync(
        Crowd crowd, int acts, int kills, SimulatorHost simulator, SoakService service, Random random, CancellationToken cancellationToken)
    {
        var workers = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(
            () => new Play(simulator, service, crowd).RunAsync(cancellationToken), cancellationToken)));
        for (var kill = 0; kill < kills; kill++)
        {
            var shape = (DeliveryShape)(kill % 4);
            var goal = acts * (kill + random.NextDouble()) / kills;
            while (crowd.Acts < goal && !workers.IsCompleted)
            {
                UseWebhook(simulator, shape);
                await Task.Delay(5, cancellationToken);
            }

            if (workers.IsFaulted)
                break;
            await service.KillAsync();
            await AwayAsync(simulator, kill % 3, cancellationToken);
            await service.StartAsync(cancellationToken);
        }

        await workers;
    }

    /// <summary>
    /// How long the service is away: for a moment; for less than the platform's retries take; for longer than that, so that
    /// what happened meanwhile is never told.
    /// </summary>
    private static async Task AwayAsync(SimulatorHost simulator, int length, CancellationToken cancellationToken)
    {
        int[] steps = length switch
        {
            0 => [],
            1 => [11],
            _ => [11, 41, 91, 20 * 60],
        };
        foreach (var seconds in steps)
        {
            await Task.Delay(100, cancellationToken);
            simulator.Platform.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }
    }

    /// <summary>Enables the webhook that the platform has paused for its failures, as a person does who saw the alarm.</summary>
    private static void UseWebhook(SimulatorHost simulator, DeliveryShape shape)
    {
        foreach (var webhook in simulator.Platform.Webhooks().Where(known => !known.Active || known.Shape != shape))
            simulator.Platform.ChangeWebhook(webhook.Id, known => known with { Active = true, Shape = shape });
    }

    /// <summary>
    /// Lets time pass until the service says of every customer what is so; returns how many starts that took. What waits for
    /// its time is not waited for: the clock is put forward while the service is stopped.
    /// </summary>
    private async Task<int> HealAsync(
        IReadOnlyList<SoakCustomer> customers, SimulatorHost simulator, SoakService service, Company company, CancellationToken cancellationToken)
    {
        var left = customers;
        for (var life = 1; ; life++)
        {
            UseWebhook(simulator, DeliveryShape.Flat);
            await DeliveredAsync(simulator, cancellationToken);
            await ReconciledAsync(service, cancellationToken);
            var differences = await CompareAsync(left, simulator, service, company);
            output.WriteLine($"life {life}: {differences.Count} customers differ");
            left = [.. differences.Select(one => one.Customer)];
            if (left.Count == 0)
                differences = await CompareAsync(customers, simulator, service, company);
            if (differences.Count == 0)
                return life;
            if (life == HealingLives)
                Assert.Fail(await DescribeAsync(differences, service));

            await service.KillAsync();
            simulator.Platform.Clock.Advance(TimeSpan.FromMinutes(life == 2 ? 61 : 16));
            await service.StartAsync(cancellationToken);
        }
    }

    private static async Task DeliveredAsync(SimulatorHost simulator, CancellationToken cancellationToken)
    {
        while (simulator.Platform.Deliveries.Counts()[DeliveryStatus.Pending] > 0)
            await Task.Delay(100, cancellationToken);
    }

    /// <summary>Waits for a full pass that began after it was asked for.</summary>
    private static async Task ReconciledAsync(SoakService service, CancellationToken cancellationToken)
    {
        var before = (await service.AskAsync(HttpMethod.Post, "/reconcile")).GetProperty("last");
        while (true)
        {
            var now = await service.AskAsync(HttpMethod.Get, "/reconciliation");
            if (!now.Is("full_wanted") && now.GetProperty("running").ValueKind == JsonValueKind.Null
                && now.GetProperty("last").GetRawText() != before.GetRawText())
                return;
            await Task.Delay(100, cancellationToken);
        }
    }

    private static async Task<List<(SoakCustomer Customer, IReadOnlyList<string> Differences)>> CompareAsync(
        IReadOnlyList<SoakCustomer> customers, SimulatorHost simulator, SoakService service, Company company)
    {
        var comparison = new Comparison(await simulator.ControlAsync(HttpMethod.Get, "truth"), company);
        var differing = new List<(SoakCustomer, IReadOnlyList<string>)>();
        foreach (var customer in customers)
        {
            if (comparison.Differences(customer, await service.FindAsync(customer.Id)) is { Count: > 0 } differences)
                differing.Add((customer, differences));
        }

        return differing;
    }

    private static async Task<string> DescribeAsync(
        List<(SoakCustomer Customer, IReadOnlyList<string> Differences)> differing, SoakService service)
    {
        var lines = new List<string> { $"{differing.Count} customers are not as the platform has them." };
        foreach (var (customer, differences) in differing.Take(10))
        {
            lines.Add($"{customer.Id} ({string.Join(", ", customer.Life)}): {string.Join(" ", differences)}");
            lines.Add((await service.FindAsync(customer.Id)).ToString());
        }

        return string.Join('\n', lines);
    }
}
