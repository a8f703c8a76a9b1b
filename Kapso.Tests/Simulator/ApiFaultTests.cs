using System.Net;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Simulator.Faults;

namespace Kapso.Tests.Simulator;

/// <summary>The client against each fault of the API.</summary>
public sealed class ApiFaultTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private static readonly TemplateMessage Welcome = new() { To = "15551234567", Name = "welcome", Language = "en" };

    [Theory]
    [InlineData(nameof(FaultKind.TooManyRequests))]
    [InlineData(nameof(FaultKind.ServerError))]
    [InlineData(nameof(FaultKind.BrokenBody))]
    [InlineData(nameof(FaultKind.LostAnswer))]
    public async Task A_question_gets_its_answer_in_the_end(string fault)
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, link) = await host.InviteAsync();
        var number = host.Platform.Connect(link.Id)!.Number!;
        host.Platform.Dice.Force(Enum.Parse<FaultKind>(fault), 1);

        var listed = await host.Api.ListNumbersAsync(customer, number.Id, null, CallPurpose.Confirmation, CancellationToken.None).WaitAsync(Patience);

        Assert.True(listed.IsDone, listed.Error);
        Assert.Equal(number.Id, Assert.Single(listed.Value.Items).PhoneNumberId);
        Assert.Equal(0, host.Platform.Dice.Plan.Next[Enum.Parse<FaultKind>(fault)]); // it did happen
    }

    [Fact]
    public async Task A_server_error_has_one_of_the_statuses_that_servers_fail_with()
    {
        await using var host = await SimulatorHost.StartAsync();
        host.Platform.Dice.Force(FaultKind.ServerError, 30);
        var statuses = new HashSet<HttpStatusCode>();
        for (var i = 0; i < 30; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.BaseUrl, "platform/v1/customers"));
            request.Headers.Add("X-API-Key", SimulatorHost.Key);
            using var response = await host.Browser.SendAsync(request).WaitAsync(Patience);
            statuses.Add(response.StatusCode);
        }

        Assert.Subset(
            new HashSet<HttpStatusCode> { HttpStatusCode.InternalServerError, HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable }, statuses);
    }

    [Theory]
    [InlineData(nameof(FaultKind.ServerError))]
    [InlineData(nameof(FaultKind.BrokenBody))]
    [InlineData(nameof(FaultKind.LostAnswer))]
    public async Task A_revocation_takes_effect_in_the_end(string fault)
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, link) = await host.InviteAsync();
        host.Platform.Dice.Force(Enum.Parse<FaultKind>(fault), 1);

        var revoked = await host.Api.RevokeSetupLinkAsync(customer, link.Id, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal("revoked", revoked.Value?.Status);
    }

    [Theory]
    [InlineData(nameof(FaultKind.BrokenBody))]
    [InlineData(nameof(FaultKind.LostAnswer))]
    [InlineData(nameof(FaultKind.TimeoutAfterAccepting))]
    public async Task A_setup_link_with_an_unknown_outcome_is_found_by_its_state(string fault)
    {
        await using var host = await SimulatorHost.StartAsync();
        var customer = host.Platform.CreateCustomer("Customer 1", null)!.Id;
        var request = new SetupLinkRequest { SuccessRedirectUrl = new($"https://us.example/whatsapp/success/{SimulatorHost.State}") };

        var created = await host.CallAsync(fault, api => api.CreateSetupLinkAsync(customer, request, CancellationToken.None));
        var listed = await host.Api.ListSetupLinksAsync(customer, null, null, CallPurpose.Management, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(PlatformOutcome.Unknown, created.Outcome);
        Assert.True(Assert.Single(listed.Value!.Items).CarriesState(SimulatorHost.State));
    }

    [Theory]
    [InlineData(nameof(FaultKind.BrokenBody))]
    [InlineData(nameof(FaultKind.LostAnswer))]
    [InlineData(nameof(FaultKind.TimeoutAfterAccepting))]
    public async Task A_message_with_an_unknown_outcome_went_out_once(string fault)
    {
        await using var host = await SimulatorHost.StartAsync();

        var sent = await host.CallAsync(
            fault, api => api.SendMessageAsync(host.Platform.Sender.Id, Welcome, CancellationToken.None));

        Assert.Equal(PlatformOutcome.Unknown, sent.Outcome);
        Assert.Single(host.Platform.Messages());
    }

    [Fact]
    public async Task A_message_that_met_a_429_did_not_go_out()
    {
        await using var host = await SimulatorHost.StartAsync();
        host.Platform.Dice.Force(FaultKind.TooManyRequests, 1);

        var sent = await host.Api.SendMessageAsync(host.Platform.Sender.Id, Welcome, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((PlatformOutcome.Unavailable, 429, TimeSpan.FromSeconds(2)), (sent.Outcome, sent.Status, sent.RetryAfter));
        Assert.Empty(host.Platform.Messages());
    }

    [Fact]
    public async Task A_5xx_leaves_open_whether_a_message_went_out_and_both_happen()
    {
        await using var host = await SimulatorHost.StartAsync();
        var took = new HashSet<bool>();
        for (var i = 0; i < 20; i++)
        {
            var before = host.Platform.Messages().Count;
            host.Platform.Dice.Force(FaultKind.ServerError, 1);
            var sent = await host.Api.SendMessageAsync(host.Platform.Sender.Id, Welcome, CancellationToken.None).WaitAsync(Patience);
            Assert.Equal(PlatformOutcome.Unknown, sent.Outcome);
            took.Add(host.Platform.Messages().Count > before);
        }

        Assert.Equal(2, took.Count);
    }

    [Fact]
    public async Task An_API_that_lags_shows_the_number_and_the_message_later()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, link) = await host.InviteAsync();
        host.Platform.Dice.Plan = new FaultPlan { Rates = FaultPlan.Everything(0).Rates.SetItem(FaultKind.LaggingApi, 1) };
        var number = host.Platform.Connect(link.Id)!.Number!;
        await host.Api.SendMessageAsync(host.Platform.Sender.Id, Welcome, CancellationToken.None);

        Assert.Equal((0, 0), await CountAsync());
        host.Platform.Clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal((1, 1), await CountAsync());

        async Task<(int Numbers, int Messages)> CountAsync()
        {
            var numbers = await host.Api.ListNumbersAsync(customer, number.Id, null, CallPurpose.Confirmation, CancellationToken.None);
            var messages = await host.Api.ListMessagesAsync(
                host.Platform.Sender.Id, DateTimeOffset.UnixEpoch, null, CallPurpose.Welcome, CancellationToken.None);
            return (numbers.Value!.Items.Count, messages.Value!.Items.Count);
        }
    }

    [Fact]
    public async Task The_same_seed_and_the_same_calls_meet_the_same_faults()
    {
        var first = await PlayAsync(seed: 11);
        var second = await PlayAsync(seed: 11);
        var other = await PlayAsync(seed: 12);

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        Assert.Contains(first, line => line.StartsWith("Unknown", StringComparison.Ordinal));
        Assert.Contains(first, line => line.StartsWith("Done", StringComparison.Ordinal));

        static async Task<List<string>> PlayAsync(int seed)
        {
            await using var host = await SimulatorHost.StartAsync(options => options.Seed = seed);
            await host.ControlAsync(HttpMethod.Put, "api/faults", """{"server_error":0.4,"broken_body":0.3,"lost_answer":0.2}""");
            var lines = new List<string>();
            for (var i = 0; i < 25; i++)
            {
                var sent = await host.Connect(Client.Quick).SendMessageAsync(host.Platform.Sender.Id, Welcome, CancellationToken.None).WaitAsync(Patience);
                lines.Add($"{sent.Outcome} {sent.Status} {sent.Value?.Id} {host.Platform.Messages().Count}");
            }

            return lines;
        }
    }
}
