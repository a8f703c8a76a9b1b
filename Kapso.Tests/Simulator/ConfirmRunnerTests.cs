using Kapso.Platform.Effects;
using Kapso.Simulator.Faults;
using Kapso.Simulator.World;
using Kapso.Tests.Platform.Api;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Simulator;

/// <summary>The confirm effect: what the platform says, as an observation.</summary>
public sealed class ConfirmRunnerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_number_of_this_customer_is_connected_with_its_details()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, number) = await ConnectAsync(host);

        var result = await RunAsync(host, customer, number.Id);

        Assert.Equal(EffectResultKind.Done, result.Kind);
        Assert.Equal(
            new Observation
            {
                Kind = ObservationKind.ApiConnected,
                Source = Source.Api,
                Event = "api.confirm",
                PhoneNumberId = number.Id,
                ReceivedAt = Now,
                Details = new NumberDetails
                {
                    DisplayPhoneNumber = number.Display,
                    BusinessAccountId = number.BusinessAccountId,
                    Name = number.Name,
                    VerifiedName = number.Name,
                },
                RowCreatedAt = number.CreatedAt,
                NumberKind = "production",
            },
            result.Answer);
    }

    [Fact]
    public async Task A_number_of_another_customer_or_of_nobody_is_absent()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (_, number) = await ConnectAsync(host);

        Assert.Equal(ObservationKind.ApiAbsent, (await RunAsync(host, "another-customer", number.Id)).Answer?.Kind);
        Assert.Equal(ObservationKind.ApiAbsent, (await RunAsync(host, "another-customer", "123456789012345")).Answer?.Kind);
    }

    [Fact]
    public async Task A_number_that_is_listed_as_disconnected_is_as_good_as_absent()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, number) = await ConnectAsync(host);
        host.Platform.Act(number.Id, NumberAction.Disconnect);

        Assert.Equal(ObservationKind.ApiAbsent, (await RunAsync(host, customer, number.Id)).Answer?.Kind);
    }

    [Theory]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":null,"business_account_id":"b","status":"CONNECTED"}]""", ObservationKind.ApiUnconfirmed)]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":"c","business_account_id":null,"status":"CONNECTED"}]""", ObservationKind.ApiUnconfirmed)]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":"c","business_account_id":"b","status":null}]""", ObservationKind.ApiUnconfirmed)]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":"other","business_account_id":null,"status":null}]""", ObservationKind.ApiAbsent)]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":"c","business_account_id":"b","status":"CONNECTED","display_phone_number":null}]""", ObservationKind.ApiConnected)]
    [InlineData("""[]""", ObservationKind.ApiAbsent)]
    [InlineData("""[{"phone_number_id":"999999999999999","customer_id":"c","status":"CONNECTED"}]""", null)]
    [InlineData("""[{"status":"CONNECTED"}]""", null)]
    public async Task Null_confirms_nothing_and_only_an_empty_list_proves_absence(string rows, ObservationKind? kind)
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(200, $$"""{"data":{{rows}}}"""));
        using var client = new Client(platform.BaseUrl);

        var result = await new ConfirmRunner(client.All, new FakeTimeProvider(Now))
            .RunAsync(Claimed(Client.Project, "c", "123456789012345"), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(kind, result.Answer?.Kind);
        Assert.Equal(kind is null ? EffectResultKind.Retry : EffectResultKind.Done, result.Kind);
    }

    [Theory]
    [InlineData("""[]""", RowFinding.NotListed, null, null)]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":"other","business_account_id":"b","status":"PENDING"}]""", RowFinding.AnotherCustomers, null, null)]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":"c","business_account_id":"b","status":"DISCONNECTED"}]""", RowFinding.Disconnected, "DISCONNECTED", null)]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":null,"business_account_id":"b","status":"CONNECTED","kind":"sandbox"}]""", RowFinding.NoCustomer, null, "sandbox")]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":"c","business_account_id":null,"status":"CONNECTED"}]""", RowFinding.NoAccount, null, null)]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":"c","business_account_id":"b"}]""", RowFinding.NoStatus, null, null)]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":"c","business_account_id":null,"status":"PENDING","kind":"production"}]""", RowFinding.OtherStatus, "PENDING", "production")]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":"c","business_account_id":"b","status":"UN\u0000KNOWN <b>\u202e https://x.example/y"}]""", RowFinding.OtherStatus, "UN KNOWN <b> [url]", null)]
    [InlineData("""[{"phone_number_id":"123456789012345","customer_id":"c","business_account_id":"b","status":"CONNECTED","kind":"Sandbox"}]""", null, null, "sandbox")]
    public async Task An_answer_says_what_the_row_lacks_and_the_platforms_own_words(string rows, RowFinding? finding, string? status, string? kind)
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(200, $$"""{"data":{{rows}}}"""));
        using var client = new Client(platform.BaseUrl);

        var answer = (await new ConfirmRunner(client.All, new FakeTimeProvider(Now))
            .RunAsync(Claimed(Client.Project, "c", "123456789012345"), CancellationToken.None).WaitAsync(Patience)).Answer;

        Assert.Equal((finding, status, kind), (answer?.Finding, answer?.PlatformStatus, answer?.NumberKind));
    }

    [Fact]
    public async Task An_API_that_lags_is_asked_again()
    {
        await using var host = await SimulatorHost.StartAsync();
        host.Platform.Dice.Force(FaultKind.LaggingApi, 1);
        var (customer, number) = await ConnectAsync(host);

        Assert.Equal(ObservationKind.ApiAbsent, (await RunAsync(host, customer, number.Id)).Answer?.Kind);
        host.Platform.Clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(ObservationKind.ApiConnected, (await RunAsync(host, customer, number.Id)).Answer?.Kind);
    }

    [Fact]
    public async Task What_gives_no_answer_is_tried_again_and_says_why()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(429, headers: "Retry-After: 55\r\n"));
        using var client = new Client(platform.BaseUrl);
        var runner = new ConfirmRunner(client.All, TimeProvider.System);

        var throttled = await runner.RunAsync(Claimed(Client.Project, "c", "1"), CancellationToken.None).WaitAsync(Patience);
        var keyless = await runner.RunAsync(Claimed("without-key", "c", "1"), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((EffectResultKind.Retry, TimeSpan.FromSeconds(55)), (throttled.Kind, throttled.RetryAfter));
        Assert.Null(throttled.Answer);
        Assert.Equal((EffectResultKind.Retry, "The project has no ApiKey: the platform cannot be asked."), (keyless.Kind, keyless.Error));
    }

    [Fact]
    public async Task A_hint_becomes_a_connected_number_with_a_welcome_once_the_API_bears_it_out()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, number) = await ConnectAsync(host);
        var policy = new ConnectionPolicy { CanConfirm = true };
        var key = new CustomerKey(Client.Project, customer);
        var hinted = Decisions.Observe(
            Connection.Empty(key),
            new Observation { Kind = ObservationKind.RedirectSucceeded, Source = Source.Redirect, Event = "redirect.success", PhoneNumberId = number.Id, ReceivedAt = Now },
            policy,
            Now).Connection;
        var claims = Decisions.Claim(hinted, policy, new LeaseHolder("test", Sole: true), [10, 10, 10, 10], Now);
        var confirm = Assert.Single(claims.Effects);

        using var client = new Client(host.BaseUrl, key: SimulatorHost.Key);
        var result = await new ConfirmRunner(client.All, new FakeTimeProvider(Now)).RunAsync(confirm, CancellationToken.None).WaitAsync(Patience);
        var settled = Decisions.Settle(claims.Connection, confirm.Effect.Id, confirm.Effect.Attempt, result, policy, Now).Connection;

        Assert.Equal(ConnectionStatus.Connected, settled.Status);
        Assert.Equal(number.Display, settled.FindNumber(number.Id)?.Details?.DisplayPhoneNumber);
        Assert.Contains(settled.Outbox, effect => effect.Kind == EffectKind.Welcome);
    }

    private static async Task<(string CustomerId, PhoneNumber Number)> ConnectAsync(SimulatorHost host)
    {
        var (customer, link) = await host.InviteAsync();
        return (customer, host.Platform.Connect(link.Id)!.Number!);
    }

    private static async Task<EffectResult> RunAsync(SimulatorHost host, string customer, string number)
    {
        using var client = new Client(host.BaseUrl, key: SimulatorHost.Key);
        return await new ConfirmRunner(client.All, new FakeTimeProvider(Now))
            .RunAsync(Claimed(Client.Project, customer, number), CancellationToken.None).WaitAsync(Patience);
    }

    private static ClaimedEffect Claimed(string project, string customer, string number) => new(
        new CustomerKey(project, customer),
        new Effect
        {
            Id = "confirm-1",
            Kind = EffectKind.Confirm,
            Status = EffectStatus.InFlight,
            Attempt = 1,
            CreatedAt = Now,
            DueAt = Now,
            PhoneNumberId = number,
        },
        Number: null);
}
