using Kapso.Platform.Api;
using Kapso.Platform.Effects;
using Kapso.Simulator.Faults;
using Kapso.Simulator.World;
using Kapso.Tests.Platform.Api;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Simulator;

/// <summary>The WhatsApp welcome against the simulator: sent once, whatever becomes of the answer.</summary>
public sealed class TemplateWelcomeTests
{
    private const string Recipient = "+15551234567";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task The_welcome_goes_out_with_its_id()
    {
        await using var host = await SimulatorHost.StartAsync();

        Assert.Equal(EffectResultKind.Done, (await RunAsync(Order(host))).Kind);

        var message = Assert.Single(host.Platform.Messages());
        Assert.Equal(("15551234567", "welcome", "en", "welcome-7"), (message.To, message.TemplateName, message.TemplateLanguage, message.CallbackData));
    }

    [Fact]
    public async Task Without_a_recipient_it_is_dead_and_says_what_to_do()
    {
        await using var host = await SimulatorHost.StartAsync();

        Assert.Equal(EffectResult.Dead("No recipient: set the customer's contact_phone.") with { NoRecipient = true }, await RunAsync(Order(host) with { Recipient = null }));
        Assert.Empty(host.Platform.Messages());
    }

    [Theory]
    [InlineData(402, null, "insufficient_credits", EffectResultKind.Dead, "Payment")]
    [InlineData(400, 131026, "Message undeliverable", EffectResultKind.Dead, "No recipient")]
    [InlineData(422, 131047, "Re-engagement message", EffectResultKind.Dead, "24-hour window")]
    [InlineData(400, 132001, "Template name does not exist", EffectResultKind.Dead, "template is missing")]
    [InlineData(400, 132015, "Template is paused", EffectResultKind.Dead, "not approved")]
    [InlineData(400, 132000, "Number of parameters does not match", EffectResultKind.Dead, "variables")]
    [InlineData(400, 131042, "Business eligibility payment issue", EffectResultKind.Dead, "Payment")]
    [InlineData(404, null, "Phone number not found", EffectResultKind.Dead, "sender is unknown")]
    [InlineData(400, 999999, "Never heard of", EffectResultKind.Dead, "Never heard of")]
    [InlineData(402, null, "Plan upgrade required", EffectResultKind.Dead, "Plan upgrade required")]
    [InlineData(401, null, "Invalid API key", EffectResultKind.Retry, "ApiKey")]
    [InlineData(403, null, "API key has no access to this project", EffectResultKind.Retry, "ApiKey")]
    [InlineData(403, null, "Active sandbox session required to send messages", EffectResultKind.Dead, "answered 403: Active sandbox session required to send messages")]
    [InlineData(403, 131031, "Account has been locked", EffectResultKind.Dead, "answered 403: Account has been locked")]
    [InlineData(409, null, "Another message is in flight", EffectResultKind.Retry, "in flight")]
    [InlineData(400, 131056, "Pair rate limit hit", EffectResultKind.Retry, "Pair rate")]
    public async Task A_refusal_is_told_in_words(int status, int? code, string text, EffectResultKind kind, string reason)
    {
        await using var host = await SimulatorHost.StartAsync();
        host.Platform.RefuseMessages(new MessageRefusal(status, code, text), times: 1);

        var result = await RunAsync(Order(host));

        Assert.Equal((kind, false), (result.Kind, result.OutcomeUnknown));
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.Empty(host.Platform.Messages());
    }

    [Theory]
    [InlineData(403, "Active sandbox session required to send messages")]
    [InlineData(403, "Your plan does not include templates")]
    [InlineData(404, "Phone number not found")]
    [InlineData(422, "template is invalid")]
    public async Task What_is_not_the_keys_fault_is_not_laid_on_the_key(int status, string text)
    {
        await using var host = await SimulatorHost.StartAsync();
        host.Platform.RefuseMessages(new MessageRefusal(status, null, text), times: 1);

        var result = await RunAsync(Order(host));

        Assert.Equal(EffectResultKind.Dead, result.Kind);
        Assert.DoesNotContain("ApiKey", result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(text, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sandbox_number_sends_nothing_and_says_why()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (_, link) = await host.InviteAsync();
        var number = host.Platform.Connect(link.Id)!.Number!;
        host.Platform.Act(number.Id, NumberAction.MakeSandbox);

        var result = await RunAsync(Order(host) with { SenderPhoneNumberId = number.Id });

        Assert.Equal(EffectResultKind.Dead, result.Kind);
        Assert.Contains("sandbox number", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_429_is_tried_again_when_the_platform_says()
    {
        await using var host = await SimulatorHost.StartAsync();
        host.Platform.Dice.Force(FaultKind.TooManyRequests, 1);

        var result = await RunAsync(Order(host));

        Assert.Equal((EffectResultKind.Retry, TimeSpan.FromSeconds(2), false), (result.Kind, result.RetryAfter, result.OutcomeUnknown));
    }

    [Theory]
    [InlineData(nameof(FaultKind.LostAnswer))]
    [InlineData(nameof(FaultKind.TimeoutAfterAccepting))]
    [InlineData(nameof(FaultKind.BrokenBody))]
    public async Task An_unknown_outcome_is_looked_up_and_nothing_is_sent_twice(string fault)
    {
        await using var host = await SimulatorHost.StartAsync();
        var claimedAt = _time.GetUtcNow();

        var sent = await host.CallAsync(fault, api => RunAsync(Order(host, api)));
        Assert.Equal((EffectResultKind.Retry, true, TimeSpan.FromMinutes(1)), (sent.Kind, sent.OutcomeUnknown, sent.RetryAfter));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(EffectResultKind.Done, (await RunAsync(Order(host) with { UnknownSince = claimedAt })).Kind);
        Assert.Single(host.Platform.Messages());
    }

    [Fact]
    public async Task A_message_that_the_list_shows_late_is_found_at_a_later_look()
    {
        await using var host = await SimulatorHost.StartAsync();
        host.Platform.Dice.Force(FaultKind.LostAnswer, 1);
        host.Platform.Dice.Force(FaultKind.LaggingApi, 1);
        var order = Order(host) with { UnknownSince = _time.GetUtcNow() };
        await RunAsync(Order(host));

        Assert.Equal(EffectResultKind.Retry, (await RunAsync(order)).Kind);
        host.Platform.Clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(EffectResultKind.Done, (await RunAsync(order)).Kind);
    }

    [Fact]
    public async Task What_is_never_in_the_list_is_looked_up_after_1_5_and_30_minutes_and_then_held()
    {
        await using var host = await SimulatorHost.StartAsync();
        var order = Order(host) with { UnknownSince = _time.GetUtcNow() };

        foreach (var minutes in (int[])[1, 5, 30])
        {
            var look = await RunAsync(order);
            Assert.Equal((EffectResultKind.Retry, true, TimeSpan.FromMinutes(minutes)), (look.Kind, look.OutcomeUnknown, look.RetryAfter));
            _time.Advance(look.RetryAfter!.Value);
        }

        Assert.Equal(EffectResultKind.Held, (await RunAsync(order)).Kind);
        Assert.Empty(host.Platform.Messages());
    }

    [Fact]
    public async Task Only_messages_of_this_template_to_this_recipient_since_then_count()
    {
        await using var host = await SimulatorHost.StartAsync(options => options.Templates.Add("another"));
        Send(host, "15551234567", "welcome");
        host.Platform.Clock.Advance(TimeSpan.FromMinutes(10));
        _time.Advance(TimeSpan.FromMinutes(10));
        var order = Order(host) with { UnknownSince = _time.GetUtcNow() };
        Send(host, "15557654321", "welcome");
        Send(host, "15551234567", "another");
        Assert.Equal(EffectResultKind.Retry, (await RunAsync(order)).Kind);

        Send(host, "15551234567", "welcome");
        Assert.Equal(EffectResultKind.Done, (await RunAsync(order)).Kind);

        Send(host, "15551234567", "welcome");
        var several = await RunAsync(order);
        Assert.Equal(EffectResultKind.Held, several.Kind);
        Assert.Contains("since: 2", several.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+5511987650001", "551187650001")]
    [InlineData("+5215512345678", "525512345678")]
    [InlineData("+5491112345678", "541112345678")]
    public async Task The_list_writes_the_recipient_as_WhatsApp_does(string recipient, string to)
    {
        await using var host = await SimulatorHost.StartAsync();
        var order = Order(host) with { Recipient = recipient };
        await RunAsync(order);
        Assert.Equal(to, Assert.Single(host.Platform.Messages()).To);

        var look = await RunAsync(order with { UnknownSince = _time.GetUtcNow() });

        Assert.Equal((EffectResultKind.Done, host.Platform.Messages()[0].Id), (look.Kind, look.MessageId));
    }

    [Fact]
    public async Task A_phone_that_may_be_the_recipients_in_another_spelling_is_held_with_the_message_that_was_found()
    {
        await using var host = await SimulatorHost.StartAsync();
        var order = Order(host) with { Recipient = "+2250712345678" };
        await RunAsync(order);
        var message = Assert.Single(host.Platform.Messages());
        Assert.Equal("22512345678", message.To);

        var look = await RunAsync(order with { UnknownSince = _time.GetUtcNow() });

        Assert.Equal(EffectResultKind.Held, look.Kind);
        Assert.Contains(message.Id, look.Error, StringComparison.Ordinal);
        Assert.Contains("…5678", look.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("12345678", look.Error, StringComparison.Ordinal);

        var known = new Welcome { Id = "welcome-8", Status = EffectStatus.Done, Attempts = 1, MessageId = message.Id };
        Assert.Equal(EffectResultKind.Retry, (await RunAsync(order with { UnknownSince = _time.GetUtcNow(), Others = [known] })).Kind);
    }

    [Fact]
    public async Task A_message_of_the_customers_other_welcome_is_not_taken_for_this_one()
    {
        await using var host = await SimulatorHost.StartAsync();
        Send(host, "15551234567", "welcome");
        var message = Assert.Single(host.Platform.Messages()).Id;
        var order = Order(host) with { UnknownSince = _time.GetUtcNow() };

        var sent = new Welcome { Id = "welcome-8", Status = EffectStatus.Done, Attempts = 1, MessageId = message };
        Assert.Equal(EffectResultKind.Retry, (await RunAsync(order with { Others = [sent] })).Kind);

        var unsure = sent with { Status = EffectStatus.Pending, MessageId = null };
        Assert.Equal(EffectResultKind.Held, (await RunAsync(order with { Others = [unsure] })).Kind);

        Assert.Equal(message, (await RunAsync(order with { Others = [unsure with { Attempts = 0 }] })).MessageId);
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_leaves_the_outcome_unknown()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(503));
        using var client = new Client(platform.BaseUrl);

        var result = await new TemplateWelcome(_time).RunAsync(
            new TemplateOrder(client.Api, "welcome-7", "1", Recipient, "welcome", "en", [], _time.GetUtcNow(), []), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((EffectResultKind.Retry, true), (result.Kind, result.OutcomeUnknown));
        Assert.All(platform.Requests, request => Assert.StartsWith("GET", request.Line, StringComparison.Ordinal));
    }

    private static void Send(SimulatorHost host, string to, string template) =>
        Assert.NotNull(host.Platform.Send(host.Platform.Sender.Id, new MessageDraft(to, "template", template, "en", null)).Message);

    private static TemplateOrder Order(SimulatorHost host, PlatformClient? api = null) => new(
        api ?? host.Api,
        "welcome-7",
        host.Platform.Sender.Id,
        Recipient,
        "welcome",
        "en",
        ["Customer 1"],
        UnknownSince: null,
        Others: []);

    private Task<EffectResult> RunAsync(TemplateOrder order) =>
        new TemplateWelcome(_time).RunAsync(order, CancellationToken.None).WaitAsync(Patience);
}
