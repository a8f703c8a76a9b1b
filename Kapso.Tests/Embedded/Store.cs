using System.Collections.Concurrent;
using Kapso.Connections.Webhooks;
using Kapso.Engines.Sqlite;
using Kapso.Engines.Sqlite.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kapso.Tests.Embedded;

/// <summary>A store in a folder of its own, and engines on it.</summary>
internal sealed class Store : IDisposable
{
    public const string Project = "project-1";

    private readonly DirectoryInfo? _folder;

    public Store()
    {
        _folder = Directory.CreateTempSubdirectory("kapso-store-");
        Options = new EmbeddedEngineOptions { Path = System.IO.Path.Combine(_folder.FullName, "kapso.db") };
    }

    /// <summary>The same store for another process, which leaves it where it is.</summary>
    public Store(string path) => Options = new EmbeddedEngineOptions { Path = path };

    public EmbeddedEngineOptions Options { get; }

    public string Path => Options.Path;

    /// <summary>What the engines report before they end.</summary>
    public ProcessFailure Failure { get; } = new();

    public EmbeddedEngine Make(TimeProvider? time = null, params IEffectRunner[] runners) => new(
        Microsoft.Extensions.Options.Options.Create(Options), runners, Failure, time ?? TimeProvider.System, NullLoggerFactory.Instance);

    public async Task<EmbeddedEngine> StartAsync(TimeProvider? time = null, params IEffectRunner[] runners)
    {
        var engine = Make(time, runners);
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }

    /// <summary>Runs SQL on the file, beside the engine.</summary>
    public object? Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return Run(connection, sql);
    }

    /// <summary>Makes the store as good as full while the condition holds.</summary>
    public void FullWhile(Func<bool> full) => Options.BeforeBatch = connection =>
        Run(connection, $"PRAGMA max_page_count={(full() ? Run(connection, "PRAGMA page_count") : 1_000_000)}");

    public static object? Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    public static CustomerKey Customer(string id) => new(Project, id);

    public static Observation Created(string phoneNumberId, DateTimeOffset? at = null) => new()
    {
        Kind = ObservationKind.Created,
        Source = Source.Webhook,
        Event = "whatsapp.phone_number.created",
        PhoneNumberId = phoneNumberId,
        ReceivedAt = at ?? DateTimeOffset.UtcNow,
    };

    public static ParkedDelivery Parked(string id, ParkedReason reason, DateTimeOffset? at = null) => new()
    {
        Id = id,
        ProjectId = Project,
        Reason = reason,
        ReceivedAt = at ?? DateTimeOffset.UtcNow,
        Body = "{}"u8.ToArray(),
    };

    public void Dispose() => _folder?.Delete(recursive: true);
}

/// <summary>A runner that keeps what it was given, and answers as it is told to.</summary>
internal sealed class Recorder(EffectKind kind, Func<ClaimedEffect, CancellationToken, Task<EffectResult>>? answer = null)
    : IEffectRunner
{
    private int _running;
    private int _most;

    public EffectKind Kind => kind;

    public ConcurrentQueue<ClaimedEffect> Sent { get; } = new();

    /// <summary>The most that ran at a time.</summary>
    public int Most => _most;

    public async Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken)
    {
        var running = Interlocked.Increment(ref _running);
        InterlockedMax(ref _most, running);
        try
        {
            Sent.Enqueue(claimed);
            return answer is null ? EffectResult.Done : await answer(claimed, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static void InterlockedMax(ref int location, int value)
    {
        int known;
        while ((known = Volatile.Read(ref location)) < value && Interlocked.CompareExchange(ref location, value, known) != known)
        {
        }
    }
}
