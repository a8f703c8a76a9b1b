using Kapso.Connections.Reconciling;
using Kapso.Connections.Webhooks;
using Kapso.Platform.Api;
using Kapso.Platform.Reconciling;
using Kapso.Simulator.Faults;
using Kapso.Simulator.World;

namespace Kapso.Tests.Reconciling;

/// <summary>Whether the platform would tell us: which webhook is ours, and what can be wrong with it.</summary>
public sealed class WebhookCheckTests
{
    private static readonly Uri Us = new("https://us.example/kapso/");

    [Theory]
    [InlineData("https://us.example/kapso/webhooks/project/p-1", null)]
    [InlineData("https://US.example:443/kapso/webhooks/project/p-1/", null)]
    [InlineData("https://us.example/kapso/webhooks/project", null)]
    [InlineData("https://us.example/kapso/webhooks/project/p-2", ReconciliationAlarmKind.NoWebhook)]
    [InlineData("https://us.example/webhooks/project/p-1", ReconciliationAlarmKind.NoWebhook)]
    [InlineData("http://us.example/kapso/webhooks/project/p-1", ReconciliationAlarmKind.NoWebhook)]
    [InlineData("https://them.example/kapso/webhooks/project/p-1", ReconciliationAlarmKind.NoWebhook)]
    [InlineData("nonsense", ReconciliationAlarmKind.NoWebhook)]
    public void Ours_is_the_one_that_delivers_to_the_public_url(string url, ReconciliationAlarmKind? alarm) =>
        Assert.Equal(alarm, KindOf(isOnly: true, Webhook(url)));

    [Fact]
    public void Where_several_projects_are_served_the_address_has_to_name_the_project() =>
        Assert.Equal(ReconciliationAlarmKind.NoWebhook, KindOf(isOnly: false, Webhook("https://us.example/kapso/webhooks/project")));

    [Fact]
    public void A_webhook_of_one_number_does_not_tell_of_the_project() =>
        Assert.Equal(ReconciliationAlarmKind.NoWebhook, KindOf(true, Webhook() with { PhoneNumberId = "123456789012345" }));

    [Fact]
    public void One_webhook_that_is_well_suffices()
    {
        Assert.Equal(ReconciliationAlarmKind.WebhookPaused, KindOf(true, Webhook() with { Active = false }));
        Assert.Null(KindOf(true, Webhook() with { Active = false }, Webhook()));
    }

    [Fact]
    public void Events_that_no_webhook_of_ours_tells_of_are_named()
    {
        var one = Webhook() with { Events = [WebhookEvents.Created, WebhookEvents.Deleted] };
        var other = Webhook() with { Events = [WebhookEvents.Created, WebhookEvents.Offboarded, WebhookEvents.Disconnected] };

        var found = WebhookCheck.Find([one, other], Us, "p-1", isOnly: true);

        var (kind, detail) = Assert.Single(found);
        Assert.Equal(ReconciliationAlarmKind.EventsMissing, kind);
        Assert.Contains($"not subscribed to {WebhookEvents.Reconnected}:", detail, StringComparison.Ordinal);
        Assert.Null(KindOf(true, Webhook() with { PayloadVersion = "v1", Events = [WebhookEvents.ConfigCreated] }));
    }

    [Fact]
    public void Events_of_accounts_that_are_missing_are_named_with_what_that_means()
    {
        var (kind, detail) = Assert.Single(WebhookCheck.Find([Webhook() with { Events = OfNumbers }], Us, "p-1", isOnly: true));
        Assert.Equal(ReconciliationAlarmKind.EventsMissing, kind);
        Assert.Contains(string.Join(", ", OfAccounts), detail, StringComparison.Ordinal);
        Assert.Contains("Numbers are not affected.", detail, StringComparison.Ordinal);

        (_, detail) = Assert.Single(WebhookCheck.Find(
            [Webhook() with { Events = OfNumbers }, Webhook() with { Events = OfAccounts[..3] }], Us, "p-1", isOnly: true));
        Assert.Contains($"not subscribed to {OfAccounts[3]}:", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_was_paused_raises_an_alarm_until_it_is_enabled_again()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var process = stage.Process(publicUrl: new Uri("https://us.example"));
        await stage.ReconcileAsync(process);
        Assert.Equal(ReconciliationAlarmKind.NoWebhook, Assert.Single((await stage.ReadAsync()).Alarms).Kind);
        var raisedAt = stage.Time.GetUtcNow();

        stage.Platform.Dice.Plan = new FaultPlan { Rates = new FaultPlan().Rates.Add(FaultKind.DropWebhook, 1) };
        var webhook = stage.Platform.CreateWebhook(
            new Uri($"https://us.example/webhooks/project/{ReconcilingStage.Project}"), "secret", Events.All);
        stage.Platform.ChangeWebhook(webhook.Id, known => known with { Active = false });
        stage.Advance(TimeSpan.FromMinutes(10));
        await stage.ReconcileAsync(process);
        var paused = Assert.Single((await stage.ReadAsync()).Alarms);
        Assert.Equal(ReconciliationAlarmKind.WebhookPaused, paused.Kind);
        Assert.True(paused.RaisedAt > raisedAt);

        stage.Platform.ChangeWebhook(webhook.Id, known => known with { Active = true });
        stage.Advance(TimeSpan.FromMinutes(10));
        await stage.ReconcileAsync(process);
        Assert.Empty((await stage.ReadAsync()).Alarms);
    }

    private static readonly string[] OfNumbers =
        [WebhookEvents.Created, WebhookEvents.Deleted, WebhookEvents.Offboarded, WebhookEvents.Disconnected, WebhookEvents.Reconnected];

    private static readonly string[] OfAccounts =
        [WebhookEvents.AccountDisabled, WebhookEvents.AccountRestricted, WebhookEvents.AccountViolation, WebhookEvents.AccountReinstated];

    private static PlatformWebhook Webhook(string url = "https://us.example/kapso/webhooks/project/p-1") => new(
        "webhook-1",
        url,
        [.. OfNumbers, .. OfAccounts],
        Active: true,
        PhoneNumberId: null,
        PayloadVersion: "v2");

    private static ReconciliationAlarmKind? KindOf(bool isOnly, params PlatformWebhook[] webhooks) =>
        WebhookCheck.Find(webhooks, Us, "p-1", isOnly).Select(found => (ReconciliationAlarmKind?)found.Key).SingleOrDefault();
}
