using Kapso.Connections.Reconciling;
using Kapso.Platform.Api;
using Kapso.Platform.Reconciling;
using Kapso.Platform.Webhooks;
using Kapso.Simulator.World;

namespace Kapso.Tests.Reconciling;

/// <summary>The webhook that the service keeps at the platform: made once, and as it is to be whatever becomes of it.</summary>
public sealed class WebhookKeeperTests
{
    private static readonly Uri PublicUrl = new("https://connect.example.com/app");
    private static readonly Uri Address = new($"https://connect.example.com/app/webhooks/project/{ReconcilingStage.Project}");

    [Fact]
    public async Task However_many_processes_start_there_is_one_webhook_with_all_events_and_a_secret_of_its_own()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => stage.ReconcileAsync(Keeper(stage, $"process-{i}"))));

        var made = Assert.Single(stage.Platform.Webhooks());
        var kept = await KeptAsync(stage);
        Assert.Equal((Address, made.Id, kept.Secrets[0].Value.Reveal), (made.Url, kept.Id, made.Secret));
        Assert.Equal(64, made.Secret!.Length);
        Assert.Superset(PlatformWebhook.AllEvents.ToHashSet(), made.Events.ToHashSet());
        Assert.Empty((await stage.ReadAsync()).Alarms);
        Assert.Equal(["created"], await ToldAsync(stage, made.Id));
    }

    [Fact]
    public async Task Where_nobody_knows_whether_it_was_made_it_is_found_again_by_its_address()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var process = Keeper(stage);
        await stage.ReconcileAsync(process);

        // As where the process died before it was written down, or the answer was lost.
        var kept = await KeptAsync(stage);
        Assert.True(await stage.Engine.SaveWebhookAsync(ReconcilingStage.Project, kept with { Version = kept.Version + 1, Id = null, OrderedAt = stage.Time.GetUtcNow() }, CancellationToken.None));

        stage.Advance(TimeSpan.FromMinutes(11));
        await stage.ReconcileAsync(process);
        var made = Assert.Single(stage.Platform.Webhooks());
        Assert.Equal((await KeptAsync(stage)).Secrets[0].Value.Reveal, made.Secret);
        Assert.Empty((await stage.ReadAsync()).Alarms);
        Assert.Equal(["adopted", "created"], await ToldAsync(stage, made.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_the_platforms_list_is_behind_no_second_one_is_made(bool isAnswered)
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        await stage.ReconcileAsync(Keeper(stage));
        var kept = await KeptAsync(stage);
        if (!isAnswered)
            Assert.True(await stage.Engine.SaveWebhookAsync(ReconcilingStage.Project, kept with { Version = kept.Version + 1, Id = null }, CancellationToken.None));
        stage.Platform.RemoveWebhook(kept.Id!);

        await stage.ReconcileAsync(Keeper(stage, "another"));
        Assert.Empty(stage.Platform.Webhooks());
        Assert.Equal(isAnswered, (await stage.ReadAsync()).Alarms.IsEmpty);

        stage.Advance(TimeSpan.FromMinutes(11));
        await stage.ReconcileAsync(Keeper(stage, "another"));
        Assert.Single(stage.Platform.Webhooks());
        Assert.Empty((await stage.ReadAsync()).Alarms);
    }

    [Fact]
    public async Task One_that_has_the_address_is_taken_over_and_its_secret_is_accepted_for_ten_more_minutes()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        stage.Platform.CreateWebhook(new Uri("https://other.example.com/hooks"), "of another", Events.All);
        var theirs = stage.Platform.CreateWebhook(new Uri(Address + "/"), "of a person", ["project.event", .. PlatformWebhook.AllEvents.Skip(1)]);
        await stage.ReconcileAsync(Keeper(stage));

        Assert.Equal(2, stage.Platform.Webhooks().Count);
        var (now, kept) = (stage.Platform.FindWebhook(theirs.Id)!, await KeptAsync(stage));
        Assert.Equal((theirs.Id, theirs.Url, kept.Secrets[0].Value.Reveal), (kept.Id, now.Url, now.Secret));
        Assert.Equal(["project.event", .. PlatformWebhook.AllEvents.Order()], now.Events.OrderBy(name => name != "project.event").ThenBy(name => name, StringComparer.Ordinal));
        Assert.Equal("of a person", kept.Secrets[1].Value.Reveal);
        Assert.InRange(kept.Secrets[1].Until!.Value - stage.Time.GetUtcNow(), TimeSpan.FromMinutes(9), WebhookKeeper.Overlap);
        Assert.Equal(["repaired: secret, events", "adopted"], await ToldAsync(stage, theirs.Id));

        stage.Advance(TimeSpan.FromMinutes(11));
        await stage.ReconcileAsync(Keeper(stage));
        Assert.Single((await KeptAsync(stage)).Secrets);
    }

    [Fact]
    public async Task Whatever_is_changed_of_it_is_repaired_at_the_next_pass_and_said()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var process = Keeper(stage);
        await stage.ReconcileAsync(process);
        var id = stage.Platform.Webhooks()[0].Id;
        var secret = (await KeptAsync(stage)).Secrets[0].Value.Reveal;
        foreach (var (change, said) in ((Func<Webhook, Webhook>, string)[])
        [
            (webhook => webhook with { Url = new Uri("https://old.example.com/hooks") }, "repaired: address"),
            (webhook => webhook with { Secret = "another" }, "repaired: secret"),
            (webhook => webhook with { Secret = null }, "repaired: secret"),
            (webhook => webhook with { Events = [Events.Created] }, "repaired: events"),
            (webhook => webhook with { Shape = DeliveryShape.V1, Events = [Events.ConfigCreated] }, "repaired: events, version"),
        ])
        {
            stage.Platform.ChangeWebhook(id, change);
            stage.Advance(TimeSpan.FromMinutes(11));
            await stage.ReconcileAsync(process);
            var now = Assert.Single(stage.Platform.Webhooks());
            Assert.Equal((Address, secret, DeliveryShape.Flat), (now.Url, now.Secret, now.Shape));
            Assert.Superset(PlatformWebhook.AllEvents.ToHashSet(), now.Events.ToHashSet());
            Assert.Equal(said, (await ToldAsync(stage, id))[0]);
        }

        // One that was taken away is made again.
        stage.Platform.RemoveWebhook(id);
        stage.Advance(TimeSpan.FromMinutes(11));
        await stage.ReconcileAsync(process);
        Assert.NotEqual(id, Assert.Single(stage.Platform.Webhooks()).Id);
        stage.Advance(TimeSpan.FromMinutes(11));
        await stage.ReconcileAsync(process);
        Assert.Equal(7, (await ToldAsync(stage, target: null)).Count);
    }

    [Fact]
    public async Task A_secret_that_was_written_down_and_not_told_is_told_by_the_next_pass()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var process = Keeper(stage);
        await stage.ReconcileAsync(process);
        var first = await KeptAsync(stage);
        Assert.True(await stage.Engine.SaveWebhookAsync(ReconcilingStage.Project, first.WithSecret(new BearerSecret("fresh")), CancellationToken.None));
        stage.Advance(TimeSpan.FromMinutes(30));

        await stage.ReconcileAsync(process);
        Assert.Equal("fresh", stage.Platform.Webhooks()[0].Secret);
        var kept = await KeptAsync(stage);
        Assert.Equal(["fresh", first.Secrets[0].Value.Reveal], kept.Secrets.Select(secret => secret.Value.Reveal));
        Assert.True(kept.Secrets[1].Until > stage.Time.GetUtcNow() + TimeSpan.FromMinutes(9));
    }

    [Fact]
    public async Task What_the_platform_refuses_is_an_alarm_with_its_words_until_it_is_well()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        await stage.ReconcileAsync(stage.Process(publicUrl: new Uri("ftp://connect.example.com"), keepsWebhook: true));
        var alarm = Assert.Single((await stage.ReadAsync()).Alarms);
        Assert.Equal(ReconciliationAlarmKind.WebhookNotKept, alarm.Kind);
        Assert.Equal("The webhook could not be made. The platform answered 422: Url is not a valid URL.", alarm.Detail);

        stage.Advance(TimeSpan.FromMinutes(11));
        await stage.ReconcileAsync(Keeper(stage));
        Assert.Empty((await stage.ReadAsync()).Alarms);
    }

    private static Reconciler Keeper(ReconcilingStage stage, string holder = "process") =>
        stage.Process(holder, PublicUrl, keepsWebhook: true);

    private static Task<KeptWebhook> KeptAsync(ReconcilingStage stage) => stage.Engine.ReadWebhookAsync(ReconcilingStage.Project, CancellationToken.None);

    /// <summary>What the audit says of the webhook, the newest first.</summary>
    private static async Task<IReadOnlyList<string?>> ToldAsync(ReconcilingStage stage, string? target)
    {
        var lines = await stage.Engine.ListAuditAsync(new AuditQuery(ReconcilingStage.Project, null, 100), CancellationToken.None);
        Assert.All(lines.Items, line => Assert.Equal(("webhook.keep", AuditActor.Itself, AuditOutcome.Done), (line.Action, line.By, line.Outcome)));
        return [.. lines.Items.Where(line => target is null || line.Target == target).Select(line => line.Detail)];
    }
}
