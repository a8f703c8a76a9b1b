using System.Runtime.CompilerServices;
using Kapso.Connections.Reconciling;
using Kapso.Engines.Sqlite.Reading;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite;

public sealed partial class EmbeddedEngine
{
    /// <inheritdoc/>
    public Task<Connection?> FindAsync(CustomerKey key, CancellationToken cancellationToken)
    {
        var running = Readable();
        if (running.State.Cache.TryGet(key, out var cached))
            return Task.FromResult<Connection?>(cached.Connection);
        return ReadAsync(key.ProjectId, (Connection?)null, (database, project) =>
            ConnectionRows.Find(database, project, key, running.State.Customers)?.Connection);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Connection> WatchAsync(
        CustomerKey key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Followed before it is read, so that no change falls between the two.
        var channel = _watchers.Add(key);
        try
        {
            var last = await FindAsync(key, cancellationToken);
            if (last is not null)
                yield return last;
            await foreach (var connection in channel.Reader.ReadAllAsync(cancellationToken))
            {
                if (!ReferenceEquals(connection, last))
                    yield return last = connection;
            }
        }
        finally
        {
            _watchers.Remove(key, channel);
        }
    }

    /// <inheritdoc/>
    public Task<CustomerKey?> FindByStateAsync(string state, CancellationToken cancellationToken) =>
        Task.FromResult(Readable().Readers.Read<CustomerKey?>(database =>
        {
            var select = database.Prepare(
                """
                SELECT p.name, c.customer FROM states s
                JOIN connections c ON c.id = s.connection JOIN projects p ON p.id = c.project WHERE s.state = ?
                """).Bind(state);
            CustomerKey? key = select.Step() ? new CustomerKey(select.Text(0), select.Text(1)) : null;
            select.Reset();
            return key;
        }));

    /// <inheritdoc/>
    public Task<CustomerKey?> FindByLinkAsync(string projectId, string setupLinkId, CancellationToken cancellationToken) =>
        FindCustomerAsync(
            projectId,
            "SELECT c.customer FROM links l JOIN connections c ON c.id = l.connection WHERE l.project = ? AND l.link = ?",
            setupLinkId);

    /// <inheritdoc/>
    public Task<CustomerKey?> FindByNumberAsync(string projectId, string phoneNumberId, CancellationToken cancellationToken) =>
        FindCustomerAsync(
            projectId,
            """
            SELECT c.customer FROM numbers n JOIN connections c ON c.id = n.connection
            WHERE n.project = ? AND n.phone_number_id = ? AND n.owner = 1
            """,
            phoneNumberId);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LinksToCheck>> ListLinksToCheckAsync(
        string projectId, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<LinksToCheck>>(projectId, [], (database, project) =>
            LinkCheckRows.List(database, project, Pages.Clamp(limit)));

    /// <inheritdoc/>
    public Task<Page<ConnectionRow>> ListConnectionsAsync(ConnectionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var recent = Readable().State.Customers;
        return ReadAsync(query.ProjectId, new Page<ConnectionRow>([], null), (database, project) =>
            ConnectionRows.List(database, project, query, recent));
    }

    /// <inheritdoc/>
    public Task<Page<EffectRow>> ListEffectsAsync(
        string projectId, EffectStatus status, string? cursor, int limit, CancellationToken cancellationToken) =>
        ReadAsync(projectId, new Page<EffectRow>([], null), (database, project) =>
            EffectRows.List(database, project, status, cursor, Pages.Clamp(limit)));

    /// <inheritdoc/>
    public Task<Page<ParkedHead>> ListParkedAsync(
        string projectId, string? cursor, int limit, CancellationToken cancellationToken) =>
        ReadAsync(projectId, new Page<ParkedHead>([], null), (database, project) =>
            ParkedRows.List(database, project, cursor, Pages.Clamp(limit)));

    /// <inheritdoc/>
    public Task<ParkedDelivery?> FindParkedAsync(string projectId, string id, CancellationToken cancellationToken) =>
        ReadAsync(projectId, (ParkedDelivery?)null, (database, project) => ParkedRows.Find(database, project, id));

    /// <inheritdoc/>
    public Task<ProjectActivity> ReadActivityAsync(string projectId, CancellationToken cancellationToken) =>
        ReadAsync(projectId, new ProjectActivity([], null, [], 0), (database, project) =>
            ActivityRows.Read(database, project, _time.GetUtcNow()));

    /// <inheritdoc/>
    public Task<Reconciliation> ReadReconciliationAsync(string projectId, CancellationToken cancellationToken) =>
        ReadAsync(projectId, new Reconciliation(), ReconciliationRows.Read);

    /// <inheritdoc/>
    public Task<KeptWebhook> ReadWebhookAsync(string projectId, CancellationToken cancellationToken) =>
        ReadAsync(projectId, new KeptWebhook(), static (database, project) =>
            VersionedRows.Read(database, "webhooks", project, EngineJson.Default.KeptWebhook));

    /// <inheritdoc/>
    public Task<ReceiverBook> ReadReceiversAsync(string projectId, CancellationToken cancellationToken) =>
        ReadAsync(projectId, new ReceiverBook(), ReceiverRows.Read);

    /// <inheritdoc/>
    public Task<Page<ReceiverMessage>> ListMessagesAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadAsync(query.ProjectId, new Page<ReceiverMessage>([], null), (database, project) => MessageRows.List(database, project, query));
    }

    /// <inheritdoc/>
    public Task<ReceiverMessage?> FindMessageAsync(string projectId, string receiverId, string id, CancellationToken cancellationToken) =>
        ReadAsync(projectId, (ReceiverMessage?)null, (database, project) => MessageRows.Find(database, project, receiverId, id));

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReceiverTraffic>> ReadTrafficAsync(string projectId, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ReceiverTraffic>>(projectId, [], (database, project) =>
            ReceiverRows.ReadTraffic(database, project, _time.GetUtcNow()));

    /// <summary>A file that takes another one's place ends this process, and is another process's own from its start.</summary>
    public Task<DateTimeOffset?> FindReplacementAsync(string projectId, CancellationToken cancellationToken) =>
        Task.FromResult<DateTimeOffset?>(null);

    /// <inheritdoc/>
    public Task<bool> AcceptStoreAsync(string projectId, string by, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <inheritdoc/>
    public Task<ProjectCounts> CountAsync(string projectId, CancellationToken cancellationToken)
    {
        // Of a project that was never heard of there is still what is shown with each.
        var running = Readable();
        var project = running.State.FindProject(projectId) ?? UnknownProject;
        return Task.FromResult(running.Readers.Read(database => CountRows.Read(database, project, _time.GetUtcNow())));
    }

    /// <inheritdoc/>
    public Task<Page<MarkedNumber>> ListMarkedNumbersAsync(
        string projectId, NumberMark mark, string? cursor, int limit, CancellationToken cancellationToken) =>
        ReadAsync(projectId, new Page<MarkedNumber>([], null), (database, project) =>
            MarkedNumberRows.List(database, project, mark, cursor, Pages.Clamp(limit), _time.GetUtcNow()));

    /// <inheritdoc/>
    public async Task<EngineHealth> CheckAsync(CancellationToken cancellationToken)
    {
        string? problem = null;
        try
        {
            await WriteAsync(
                static batch =>
                {
                    batch.Probe();
                    return true;
                },
                cancellationToken).WaitAsync(ProbeTimeout, cancellationToken);
        }
        catch (Exception exception) when (exception is EngineUnavailableException or OperationCanceledException)
        {
            problem = exception.Message;
        }
        catch (TimeoutException)
        {
            problem = "A write took longer than 0.9 s.";
        }

        return new EngineHealth(
            problem is null, problem ?? _counters.GrownLog, _counters.OutboxWaiting, _counters.EffectsStuck, _counters.ParkedWaiting);
    }

    /// <summary>A project without a row.</summary>
    private const long UnknownProject = -1;

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(0.9);

    private Task<CustomerKey?> FindCustomerAsync(string projectId, string sql, string id) =>
        ReadAsync(projectId, (CustomerKey?)null, (database, project) =>
        {
            var select = database.Prepare(sql).Bind(project).Bind(id);
            CustomerKey? key = select.Step() ? new CustomerKey(projectId, select.Text(0)) : null;
            select.Reset();
            return key;
        });

    /// <summary>Reads what the store has of a project; where it has nothing, answers with the empty value.</summary>
    private Task<T> ReadAsync<T>(string projectId, T empty, Func<Database, long, T> query)
    {
        var running = Readable();
        return Task.FromResult(running.State.FindProject(projectId) is { } project
            ? running.Readers.Read(database => query(database, project))
            : empty);
    }

    /// <summary>What reads ask. From the beginning of the end on there are none: soon the file may be another process's.</summary>
    private Running Readable()
    {
        ThrowIfNotAccepting();
        return _running!;
    }

    private Writing.Writer Live() => (_running ?? throw new EngineUnavailableException(NotRunning)).Writer;
}
