using System.Collections.Frozen;
using Kapso.Connections.Reconciling;
using Kapso.Platform.Api;
using Kapso.Platform.Hosting;
using Kapso.Platform.Links;
using Kapso.Platform.Settings;
using Kapso.Platform.Webhooks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Reconciling;

/// <summary>
/// Looks for what was missed in every project that has an API key, once the whole host has started, and stops before anything
/// else of it does: what is being written then still can be.
/// </summary>
public sealed class ReconciliationService : RunningService
{
    private readonly FrozenDictionary<string, Reconciler> _projects;
    private readonly AlarmGauge _gauge = new();

    /// <summary>Reads the settings once; nothing is done before the host has started.</summary>
    /// <param name="engine">Keeps connections, and where reconciliation stands.</param>
    /// <param name="clients">The platform's API.</param>
    /// <param name="check">Looks at setup links.</param>
    /// <param name="links">Makes those with which a number is connected again.</param>
    /// <param name="options">The validated settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets a line for each pass and alarm.</param>
    public ReconciliationService(
        IConnectionEngine engine,
        PlatformClients clients,
        LinkCheck check,
        SetupLinks links,
        IOptions<KapsoOptions> options,
        TimeProvider time,
        ILoggerFactory logger)
    {
        ArgumentNullException.ThrowIfNull(clients);
        ArgumentNullException.ThrowIfNull(options);
        var settings = options.Value;
        var holder = Guid.NewGuid().ToString("n");
        var terms = new PassTerms(settings.Reconcile.Interval, settings.PublicUrl, settings.Projects.Count == 1, check, links);
        _projects = settings.Projects
            .Select(project => (project.Id, Client: clients.Find(project.Id), IsManaged: project.Webhook == WebhookSetup.Managed))
            .Where(project => project.Client is not null)
            .ToFrozenDictionary(
                project => project.Id,
                project => new Reconciler(
                    new PassRecord(engine, project.Id, holder, time), project.Client!, engine, terms, _gauge, time,
                    logger.CreateLogger<Reconciler>(),
                    project.IsManaged
                        ? new WebhookKeeper(
                            engine, project.Client!, new WebhookAddress(settings.PublicUrl!, project.Id, settings.Projects.Count == 1), time,
                            logger.CreateLogger<WebhookKeeper>())
                        : null),
                StringComparer.Ordinal);
    }

    /// <summary>Where the project's reconciliation stands; null where the project has no API key.</summary>
    public async Task<Reconciliation?> FindAsync(string projectId, CancellationToken cancellationToken) =>
        _projects.GetValueOrDefault(projectId) is { } project ? await project.ReadAsync(cancellationToken) : null;

    /// <summary>Asks for a full pass. While one runs, that is the one; a partial pass that runs is followed by it.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="by">Who asks, at most 64 characters.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>Where the project's reconciliation stands; null where the project has no API key.</returns>
    public async Task<Reconciliation?> WantFullAsync(string projectId, string by, CancellationToken cancellationToken) =>
        _projects.GetValueOrDefault(projectId) is { } project ? await project.WantFullAsync(by, cancellationToken) : null;

    /// <summary>
    /// Gives the webhook that the service keeps for a project a new secret, at the platform too; what was signed with the one before is
    /// accepted for ten more minutes. Where the platform does not take it, the next pass tells it again.
    /// </summary>
    /// <returns>Until when the one before is accepted; and the platform's answer, null where the service keeps no webhook.</returns>
    public async Task<(DateTimeOffset Until, PlatformAnswer<string>? Answer)> RotateWebhookAsync(string projectId, CancellationToken cancellationToken) =>
        _projects.GetValueOrDefault(projectId)?.Keeper is { } keeper ? await keeper.RotateAsync(cancellationToken) : default;

    /// <summary>Whether the project has an API key, and is compared with the platform.</summary>
    public bool Serves(string projectId) => _projects.ContainsKey(projectId);

    /// <summary>
    /// Takes a person's word that the numbers of the alarm <see cref="ReconciliationAlarmKind.ManyGone"/> are gone, and has
    /// everything compared: that pass alone marks as many gone as the alarm spoke of.
    /// </summary>
    /// <param name="projectId">The project.</param>
    /// <param name="by">Who gives it, at most 64 characters.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>Where the project's reconciliation stands; null where there is nothing to accept.</returns>
    public async Task<Reconciliation?> AcceptGoneAsync(string projectId, string by, CancellationToken cancellationToken) =>
        _projects.GetValueOrDefault(projectId) is { } project ? await project.AcceptGoneAsync(by, cancellationToken) : null;

    /// <summary>
    /// Takes a person's word that the store, which took another one's place (<see cref="ReconciliationAlarmKind.StoreReplaced"/>), is as it
    /// is to be for the project: numbers that are learned from the platform's API are greeted as ever from now on.
    /// </summary>
    /// <param name="projectId">The project.</param>
    /// <param name="by">Who gives it, at most 64 characters.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>Where the project's reconciliation stands; null where there is nothing to accept.</returns>
    public async Task<Reconciliation?> AcceptStoreAsync(string projectId, string by, CancellationToken cancellationToken) =>
        _projects.GetValueOrDefault(projectId) is { } project ? await project.AcceptStoreAsync(by, cancellationToken) : null;

    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_projects.Values.Select(project => project.RunAsync(stoppingToken)));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            _gauge.Dispose();
    }
}
