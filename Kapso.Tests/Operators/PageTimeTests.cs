using System.Diagnostics;
using System.Globalization;
using System.Net;
using Kapso.Connections.Webhooks;
using Kapso.Engines.Sqlite;
using Kapso.Tests.Embedded;
using Kapso.Tests.Web;

namespace Kapso.Tests.Operators;

/// <summary>
/// How long the server takes for each page, with as many customers in an embedded store as <c>KAPSO_PAGE_TIMES</c> says;
/// without it there is nothing to do, since filling the store takes a while.
/// </summary>
public sealed class PageTimeTests(ITestOutputHelper output)
{
    private const int Repeats = 40;
    private const double Limit = 200;

    private static readonly int Customers =
        int.TryParse(Environment.GetEnvironmentVariable("KAPSO_PAGE_TIMES"), CultureInfo.InvariantCulture, out var count) ? count : 0;

    public static bool IsWanted => Customers > 0;

    [Fact(SkipUnless = nameof(IsWanted), Skip = "Pages are timed where KAPSO_PAGE_TIMES says with how many customers, e.g. 100000.")]
    public async Task No_page_takes_more_than_200_ms()
    {
        using var store = new Store();
        var stuck = new Recorder(EffectKind.Welcome, (claimed, _) => Task.FromResult(
            Of(claimed.Key) switch { 0 => EffectResult.Held("?"), 1 => EffectResult.Dead("no"), _ => EffectResult.Done }));
        await using var engine = await store.StartAsync(TimeProvider.System, stuck);
        await FillAsync(engine);
        await using var host = await WebHost.StartAsync(host: builder => builder.Services.AddSingleton<IConnectionEngine>(engine));
        var cookie = await host.GetCookieAsync();

        var slow = new List<string>();
        foreach (var page in await PagesAsync(engine))
        {
            var times = await TimeAsync(host, cookie, $"/ops/{WebHost.Project}{page}");
            var line = string.Create(
                CultureInfo.InvariantCulture, $"{page,-60} median {times[times.Count / 2],7:F1} ms   most {times[^1],7:F1} ms");
            output.WriteLine(line);
            if (times[^1] > Limit)
                slow.Add(line);
        }

        Assert.Empty(slow);
    }

    private static int Of(CustomerKey key) => int.Parse(key.CustomerId.AsSpan(5), CultureInfo.InvariantCulture) % 100;

    private static string IdOf(int customer) => string.Create(CultureInfo.InvariantCulture, $"cust-{customer:000000}");

    private static async Task FillAsync(EmbeddedEngine engine)
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Customers),
            new ParallelOptions { MaxDegreeOfParallelism = 500 },
            async (customer, cancellationToken) =>
            {
                var key = new CustomerKey(WebHost.Project, IdOf(customer));

                // Every fiftieth has the number of the one after it.
                var number = string.Create(CultureInfo.InvariantCulture, $"{300_000_000_000_000 + customer + (customer % 50 == 0 ? 1 : 0)}");
                var hinted = customer % 20 == 7;
                var news = new Observation
                {
                    Kind = hinted ? ObservationKind.RedirectSucceeded : ObservationKind.Created,
                    Source = hinted ? Source.Redirect : Source.Webhook,
                    Event = hinted ? "redirect.success" : WebHost.Created,
                    PhoneNumberId = number,
                    ReceivedAt = DateTimeOffset.UtcNow,
                    Customer = new CustomerNames($"Own-{customer}", string.Create(CultureInfo.InvariantCulture, $"Maria {customer:000000} Silva")),
                    Details = new NumberDetails { DisplayPhoneNumber = string.Create(CultureInfo.InvariantCulture, $"+55 64 9{customer:0000-0000}") },
                };
                await engine.ObserveAsync(key, news, cancellationToken);
                if (customer % 100 == 50)
                    await engine.ParkAsync(Parked(customer), cancellationToken);
                for (var i = 0; customer == 42 && i < 300; i++)
                    await engine.ObserveAsync(key, news with { Event = $"event-{i}", DeliveryId = $"delivery-{i}" }, cancellationToken);
            });

        // A hint waits for its webhook for a day.
        await Wait.ForAsync(async () => (await engine.CheckAsync(CancellationToken.None)).OutboxWaiting <= Customers / 20, "all that is due to be sent");
    }

    private static ParkedDelivery Parked(int customer) => new()
    {
        Id = $"parked-{customer:000000}",
        ProjectId = WebHost.Project,
        Reason = ParkedReason.UnknownCustomer,
        ReceivedAt = DateTimeOffset.UtcNow,
        Body = new byte[1_024],
    };

    private static async Task<IReadOnlyList<string>> PagesAsync(EmbeddedEngine engine)
    {
        var middle = await engine.ListConnectionsAsync(
            new ConnectionQuery(WebHost.Project, null, null, null, Math.Min(1_000, Customers / 2)), CancellationToken.None);
        return
        [
            "", "/customers", $"/customers?cursor={Uri.EscapeDataString(middle.NextCursor!)}", "/customers?status=gone",
            "/customers?status=hinted", $"/customers?query={IdOf(Customers - 1)}", "/customers?query=cust-0", "/customers?query=3000000000",
            "/customers?query=300000000000042", "/customers?query=nobody",
            "/customers?query=maria", "/customers?query=maria+0000", "/customers?query=own-1", "/customers?query=%2B55+64", "/customers?query=0000-0042",
            "/customers?query=+55+64+9&status=gone", "/customers?query=maria&status=hinted", "/effects?status=held", "/effects?status=dead", "/numbers?mark=disputed",
            "/numbers?mark=refused", "/parked", "/parked/delivery?id=parked-000050", $"/customer?id={IdOf(42)}", $"/customer?id={IdOf(100)}",
        ];
    }

    private static async Task<List<double>> TimeAsync(WebHost host, string cookie, string page)
    {
        var times = new List<double>();
        for (var i = 0; i <= Repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var response = await host.OpenAsync(page, cookie);
            await response.Content.ReadAsByteArrayAsync();
            if (i > 0) // The first compiles.
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{page} answered {response.StatusCode}.");
        }

        times.Sort();
        return times;
    }
}
