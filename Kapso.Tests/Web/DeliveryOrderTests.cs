using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Web;

/// <summary>What one body says of a number is folded in its order, whatever customers it names.</summary>
public sealed class DeliveryOrderTests
{
    private const string Other = "223456789012345";
    private const string OtherCustomer = "880e8400-e29b-41d4-a716-446655440099";
    private const string Deleted = "whatsapp.phone_number.deleted";
    private const string Reconnected = "whatsapp.phone_number.reconnected";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    [Fact]
    public async Task What_comes_after_a_failed_item_of_its_number_waits_for_it_whoever_is_named()
    {
        await using var host = await WebHost.StartAsync();
        await host.ConnectAsync();
        FailOnce(host, nameof(IConnectionEngine.FindByNumberAsync));

        Assert.Equal("applied", await OutcomeAsync(host, Item(Deleted), Item(Reconnected, WebHost.Customer)));

        Assert.Equal(NumberStatus.Connected, await StatusAsync(host, WebHost.Customer, WebHost.Number));
    }

    [Fact]
    public async Task What_names_nobody_comes_after_what_names_a_customer()
    {
        await using var host = await WebHost.StartAsync();
        await host.ConnectAsync();
        FailOnce(host, nameof(IConnectionEngine.ObserveAsync));

        Assert.Equal("applied", await OutcomeAsync(host, Item(Reconnected, WebHost.Customer), Item(Deleted)));

        Assert.Equal(NumberStatus.Gone, await StatusAsync(host, WebHost.Customer, WebHost.Number));
    }

    [Fact]
    public async Task A_number_that_two_customers_are_named_for_belongs_to_the_later()
    {
        await using var host = await WebHost.StartAsync();
        FailOnce(host, nameof(IConnectionEngine.ObserveAsync));

        await OutcomeAsync(host, Item(WebHost.Created, OtherCustomer), Item(WebHost.Created, WebHost.Customer));

        Assert.Equal(WebHost.Key, await host.Engine.FindByNumberAsync(WebHost.Project, WebHost.Number, CancellationToken.None));
    }

    [Fact]
    public async Task What_comes_after_an_item_that_finds_nobody_waits_with_it()
    {
        await using var host = await WebHost.StartAsync();

        Assert.Equal("parked", await OutcomeAsync(host, Item(Deleted), Item(Reconnected, WebHost.Customer), Item(Deleted, WebHost.Customer)));

        Assert.Null(await StatusAsync(host, WebHost.Customer, WebHost.Number));
        Assert.Equal("unknown_customer", await ParkedReasonAsync(host));
    }

    [Fact]
    public async Task Numbers_of_other_customers_do_not_wait_for_one_whose_look_up_hangs()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var host = await WebHost.StartAsync(limits: WebHost.Patient with { EngineTimeout = Patience }, time: time);
        var lookUps = 0;
        host.Engine.Before = (called, _) =>
        {
            if (called != nameof(IConnectionEngine.FindByNumberAsync))
                return Task.CompletedTask;
            Interlocked.Increment(ref lookUps);
            return new TaskCompletionSource().Task;
        };

        var answer = OutcomeAsync(host, Item(Deleted), Item(WebHost.Created, WebHost.Customer), Item(WebHost.Created, OtherCustomer, Other));
        await WebHost.UntilAsync(
            "the other number is connected", async () => await StatusAsync(host, OtherCustomer, Other) == NumberStatus.Connected);
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await WebHost.UntilAsync($"look-up {attempt}", () => Task.FromResult(lookUps == attempt));
            time.Advance(Patience);
        }

        Assert.Equal("parked", await answer);
        Assert.Null(await StatusAsync(host, WebHost.Customer, WebHost.Number));
        Assert.Equal("engine_unavailable", await ParkedReasonAsync(host));
    }

    /// <summary>Fails the first call of a method that comes from now on.</summary>
    private static void FailOnce(WebHost host, string method)
    {
        var failures = 1;
        host.Engine.Before = (called, _) => called == method && Interlocked.Decrement(ref failures) == 0
            ? throw new EngineUnavailableException("The test's engine is down for a moment.")
            : Task.CompletedTask;
    }

    private static string Item(string @event, string? customer = null, string number = WebHost.Number) =>
        $$$"""{"event":"{{{@event}}}","data":{{{WebHost.FlatBody(number, customer)}}}}""";

    private static async Task<string?> OutcomeAsync(WebHost host, params string[] items)
    {
        var body = $$"""{"batch":true,"data":[{{string.Join(',', items)}}]}""";
        using var response = await host.SendWebhookAsync(Encoding.UTF8.GetBytes(body), @event: null, batch: true);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("outcome").GetString();
    }

    private static async Task<NumberStatus?> StatusAsync(WebHost host, string customer, string number) =>
        (await host.Engine.FindAsync(new CustomerKey(WebHost.Project, customer), CancellationToken.None))
            ?.Numbers.FirstOrDefault(one => one.PhoneNumberId == number)?.Status;

    private static async Task<string?> ParkedReasonAsync(WebHost host) =>
        Assert.Single((await host.ReadAsync($"{WebHost.ApiOfProject}/parked")).GetProperty("items").EnumerateArray())
            .GetProperty("reason").GetString();
}
