using System.Collections.Immutable;
using Kapso.Platform.Links;
using Kapso.Platform.Reconciling;
using Kapso.Simulator.Faults;
using Kapso.Tests.Platform.Api;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kapso.Tests.Reconciling;

/// <summary>Open setup links are looked at with what a pass has left, the longest unseen first.</summary>
public sealed class LinkStepTests
{
    private static readonly string State = new('0', 24);

    [Fact]
    public async Task What_became_of_a_link_is_found_where_nobody_told()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var (revoked, used, open) = (await InviteAsync(stage, 1), await InviteAsync(stage, 2), await InviteAsync(stage, 3));
        stage.Advance(TimeSpan.FromHours(2));
        stage.Platform.ChangeSetupLink(revoked.CustomerId, revoked.LinkId, revoke: true, expiresAt: null);
        stage.Platform.Dice.Force(FaultKind.DropRedirect, 1);
        stage.Platform.Connect(used.LinkId);

        var report = await stage.ReconcileAsync();

        Assert.Equal(
            [SetupLinkStatus.Revoked, SetupLinkStatus.Completed, SetupLinkStatus.Live],
            [await StatusAsync(stage, revoked.CustomerId), await StatusAsync(stage, used.CustomerId), await StatusAsync(stage, open.CustomerId)]);

        // The number that was connected through the second has completed it already.
        Assert.Equal(2, report.Counts.Links);
    }

    [Fact]
    public async Task Every_open_link_is_looked_at_once_an_hour()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        for (var i = 0; i < 60; i++)
            await InviteAsync(stage, i);
        var process = stage.Process();

        Assert.Equal(0, (await stage.ReconcileAsync(process)).Counts.Links); // made less than an hour ago
        stage.Advance(TimeSpan.FromHours(1));
        Assert.Equal(60, (await stage.ReconcileAsync(process)).Counts.Links);
        stage.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, (await stage.ReconcileAsync(process)).Counts.Links);
        stage.Advance(TimeSpan.FromHours(1));
        Assert.Equal(60, (await stage.ReconcileAsync(process)).Counts.Links);
    }

    [Fact]
    public async Task Looking_ends_when_it_is_time_for_the_next_pass_which_goes_on_with_the_others()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        for (var i = 0; i < 15; i++)
            await InviteAsync(stage, i);
        stage.Advance(TimeSpan.FromHours(2));
        stage.Engine.Before = (method, _) =>
        {
            if (method == nameof(stage.Engine.ChangeLinkAsync))
                stage.Advance(TimeSpan.FromMinutes(1));
            return Task.CompletedTask;
        };
        var process = stage.Process();

        Assert.Equal(TimeSpan.Zero, await process.StepAsync(CancellationToken.None));
        Assert.Equal(10, (await stage.ReadAsync()).Last!.Counts.Links);
        Assert.Equal(TimeSpan.Zero, await process.StepAsync(CancellationToken.None));
        Assert.Equal(5, (await stage.ReadAsync()).Last!.Counts.Links);
    }

    [Fact]
    public async Task A_platform_that_says_nothing_of_links_does_not_spoil_the_pass()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        await InviteAsync(stage, 1);
        stage.Advance(TimeSpan.FromHours(2));
        stage.Engine.Before = (method, _) =>
        {
            if (method == nameof(stage.Engine.ListLinksToCheckAsync))
                stage.Platform.Dice.Plan = new FaultPlan { Rates = ImmutableDictionary<FaultKind, double>.Empty.Add(FaultKind.BrokenBody, 1) };
            return Task.CompletedTask;
        };

        var report = await stage.ReconcileAsync();

        Assert.Equal((null, 0), (report.Error, report.Counts.Links));
    }

    [Fact]
    public async Task What_the_platform_refuses_to_tell_of_one_customers_links_is_said_there_and_holds_up_no_others()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var first = await InviteAsync(stage, 1);
        stage.Advance(TimeSpan.FromMinutes(1));
        var second = await InviteAsync(stage, 2);
        stage.Advance(TimeSpan.FromHours(2));
        await using var platform = new ScriptedPlatform(
            ScriptedPlatform.Answer(200, """{"data":[]}"""),
            ScriptedPlatform.Answer(200, """{"data":[]}"""),
            ScriptedPlatform.Answer(403, """{"error":"Setup links are not part of your plan"}"""),
            ScriptedPlatform.Answer(200, $$"""{"data":[{"id":"{{second.LinkId}}","status":"revoked"}]}"""));
        using var client = new Client(platform.BaseUrl);
        using var gauge = new AlarmGauge();
        var check = new LinkCheck(client.All, stage.Engine, stage.Time);

        var report = await stage.ReconcileAsync(new Reconciler(
            new PassRecord(stage.Engine, ReconcilingStage.Project, "process", stage.Time),
            client.Api,
            stage.Engine,
            new PassTerms(TimeSpan.FromMinutes(10), null, IsOnlyProject: true, check, new SetupLinks(client.All, stage.Engine, check, stage.Time)),
            gauge,
            stage.Time,
            NullLogger<Reconciler>.Instance));

        Assert.Equal((null, 1), (report.Error, report.Counts.Links));
        Assert.Equal(SetupLinkStatus.Revoked, await StatusAsync(stage, second.CustomerId));
        Assert.Equal(SetupLinkStatus.Live, await StatusAsync(stage, first.CustomerId));
        var connection = await stage.Engine.FindAsync(new CustomerKey(ReconcilingStage.Project, first.CustomerId), CancellationToken.None);
        Assert.Equal(
            "The platform answered 403: Setup links are not part of your plan.",
            Assert.Single(connection!.Timeline, line => line.Event == "links.not_told").Detail);
    }

    /// <summary>A customer with a live link, at the platform and here.</summary>
    private static async Task<(string CustomerId, string LinkId)> InviteAsync(ReconcilingStage stage, int number)
    {
        var customer = stage.Platform.CreateCustomer($"Customer {number}", null)!.Id;
        var state = $"{State}{number:00000000}";
        var link = stage.Platform.CreateSetupLink(
            customer, $"https://us.example/whatsapp/success/{state}", $"https://us.example/whatsapp/failed/{state}", default, "https://setup.example")!;
        await stage.Engine.AddLinkAsync(
            new CustomerKey(ReconcilingStage.Project, customer),
            new SetupLink { Id = $"link-{number}", PlatformId = link.Id, State = state, CreatedAt = stage.Time.GetUtcNow() },
            CancellationToken.None);
        return (customer, link.Id);
    }

    private static async Task<SetupLinkStatus> StatusAsync(ReconcilingStage stage, string customerId) =>
        (await stage.Engine.FindAsync(new CustomerKey(ReconcilingStage.Project, customerId), CancellationToken.None))!.SetupLinks[0].Status;
}
