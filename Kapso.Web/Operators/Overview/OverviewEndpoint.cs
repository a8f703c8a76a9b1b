using Kapso.Connections.Reconciling;
using Kapso.Platform.Reconciling;
using Kapso.Platform.Settings;
using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Management;
using Kapso.Web.Operators.Parts;
using Kapso.Web.Operators.SignIn;
using Kapso.Web.Projects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Operators.Overview;

/// <summary>How a project is, at a glance, and having it compared with the platform.</summary>
internal static class OverviewEndpoint
{
    /// <summary>The name of the action in addresses.</summary>
    public const string Reconcile = "reconcile";

    /// <summary>The name of testing the set-up in addresses.</summary>
    public const string TestSetup = "test-setup";

    /// <summary>The name of accepting that many numbers are gone in addresses.</summary>
    public const string AcceptGone = "accept-gone";

    /// <summary>The name of accepting a store that took another one's place in addresses.</summary>
    public const string AcceptStore = "accept-store";

    /// <summary>Maps them below the project.</summary>
    public static void MapOverview(this IEndpointRouteBuilder project)
    {
        project.MapGet("", ShowAsync);
        project.MapGet("/" + Reconcile, (HttpContext context) =>
            OperatorPages.Show<ReconcilePage>(context, new { View = OperatorView.Of(context) })).AsksFor(AuditActions.RunReconciliation);
        project.MapPost("/" + Reconcile, ReconcileAsync).Audited(AuditActions.RunReconciliation);
        project.MapGet("/" + TestSetup, (HttpContext context) =>
            OperatorPages.Show<SetupTestPage>(context, new { View = OperatorView.Of(context) })).AsksFor(AuditActions.TestSetup);
        project.MapPost("/" + TestSetup, TestSetupAsync).Audited(AuditActions.TestSetup);
        project.MapGet("/" + AcceptGone, AskToAcceptAsync).AsksFor(AuditActions.RunReconciliation);
        project.MapPost("/" + AcceptGone, AcceptAsync).Audited(AuditActions.RunReconciliation);
        project.MapGet("/" + AcceptStore, AskToAcceptStoreAsync).AsksFor(AuditActions.AcceptStore);
        project.MapPost("/" + AcceptStore, AcceptStoreAsync).Audited(AuditActions.AcceptStore);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext context, string? notice, IConnectionEngine engine, TimeProvider time, CancellationToken cancellationToken)
    {
        var view = OperatorView.Of(context);
        var project = view.Project!.Id;
        return OperatorPages.Show<OverviewPage>(
            context,
            new
            {
                View = view,
                Counts = await engine.CountAsync(project, cancellationToken),
                Activity = await engine.ReadActivityAsync(project, cancellationToken),
                Reconciliation = await engine.ReadReconciliationAsync(project, cancellationToken),
                Now = time.GetUtcNow(),
                Notice = notice switch
                {
                    Reconcile => "Everything is being compared with the platform.",
                    AcceptGone => "It is accepted. Everything is being compared with the platform; what it still does not know is marked gone.",
                    AcceptStore => "The store is accepted. Numbers that the platform tells of are greeted as ever from now on.",
                    _ => null,
                },
            });
    }

    private static async Task<IResult> ReconcileAsync(
        HttpContext context, [FromServices] ReconciliationService reconciliation, CancellationToken cancellationToken)
    {
        var view = OperatorView.Of(context);
        return await reconciliation.WantFullAsync(view.Project!.Id, SignedIn.Of(context).Name, cancellationToken) is not null
            ? Onward.To(context, $"{new OperatorUrls("", view.Project.Id).Overview}?notice={Reconcile}")
            : OperatorPages.Problem(
                context, "Nothing was done", PlatformProblems.NoApiKey, StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> TestSetupAsync(
        HttpContext context, [FromServices] SetupTest test, [FromServices] IOptions<KapsoOptions> options, CancellationToken cancellationToken)
    {
        var view = OperatorView.Of(context);
        var found = await test.RunAsync(view.Project!.Id, new Uri(options.Value.OriginOf(context.Request)), cancellationToken);
        return OperatorPages.Show<SetupTestPage>(context, new { View = view, Findings = found });
    }

    private static Task<IResult> AskToAcceptAsync(HttpContext context, IConnectionEngine engine, CancellationToken cancellationToken) =>
        AskAsync<AcceptGonePage>(context, engine, ReconciliationAlarmKind.ManyGone, ReconciliationEndpoints.NothingToAccept, cancellationToken);

    private static Task<IResult> AskToAcceptStoreAsync(HttpContext context, IConnectionEngine engine, CancellationToken cancellationToken) =>
        AskAsync<AcceptStorePage>(context, engine, ReconciliationAlarmKind.StoreReplaced, ReconciliationEndpoints.NoStoreToAccept, cancellationToken);

    private static async Task<IResult> AskAsync<TPage>(
        HttpContext context, IConnectionEngine engine, ReconciliationAlarmKind kind, string nothing, CancellationToken cancellationToken)
        where TPage : IComponent
    {
        var view = OperatorView.Of(context);
        var alarms = (await engine.ReadReconciliationAsync(view.Project!.Id, cancellationToken)).Alarms;
        return alarms.FirstOrDefault(alarm => alarm.Kind == kind) is { } raised
            ? OperatorPages.Show<TPage>(context, new { View = view, Alarm = raised })
            : OperatorPages.NotFound(context, nothing);
    }

    private static async Task<IResult> AcceptAsync(
        HttpContext context, [FromServices] ReconciliationService reconciliation, CancellationToken cancellationToken)
    {
        var view = OperatorView.Of(context);
        context.NoteAct(detail: ReconciliationEndpoints.AcceptGone);
        if (await reconciliation.AcceptGoneAsync(view.Project!.Id, SignedIn.Of(context).Name, cancellationToken) is not null)
            return Onward.To(context, $"{new OperatorUrls("", view.Project.Id).Overview}?notice={AcceptGone}");
        return NothingDone(context, reconciliation, ReconciliationEndpoints.NothingToAccept);
    }

    private static async Task<IResult> AcceptStoreAsync(
        HttpContext context, [FromServices] ReconciliationService reconciliation, CancellationToken cancellationToken)
    {
        var view = OperatorView.Of(context);
        return await reconciliation.AcceptStoreAsync(view.Project!.Id, SignedIn.Of(context).Name, cancellationToken) is not null
            ? Onward.To(context, $"{new OperatorUrls("", view.Project.Id).Overview}?notice={AcceptStore}")
            : NothingDone(context, reconciliation, ReconciliationEndpoints.NoStoreToAccept);
    }

    private static IResult NothingDone(HttpContext context, ReconciliationService reconciliation, string nothing) => OperatorPages.Problem(
        context,
        "Nothing was done",
        reconciliation.Serves(OperatorView.Of(context).Project!.Id) ? nothing : PlatformProblems.NoApiKey,
        StatusCodes.Status409Conflict);
}
