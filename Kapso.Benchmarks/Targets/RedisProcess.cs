using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Kapso.Benchmarks.Targets;

/// <summary>
/// A redis-server of the benchmark's own, on a free port and in a temporary folder, that answers a write only when it is on
/// the disk. It can be ended and started again on what it kept.
/// </summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly string folder;
    private readonly int port = ChildProcess.FreePort();
    private ChildProcess process;

    private RedisProcess(string folder)
    {
        this.folder = folder;
        process = Launch();
    }

    public int ProcessId => process.Id;

    /// <summary>The connection string.</summary>
    public string Address => $"127.0.0.1:{port}";

    /// <summary>Starts it with an empty store.</summary>
    /// <exception cref="LeftOutException">redis-server is not installed.</exception>
    public static async Task<RedisProcess> StartAsync(Workspace workspace, CancellationToken cancellation)
    {
        try
        {
            var redis = new RedisProcess(workspace.NewFolder("redis"));
            await redis.WaitUntilReadyAsync(cancellation);
            return redis;
        }
        catch (Win32Exception)
        {
            throw new LeftOutException("redis-server is not installed (apt-get install redis-server)");
        }
    }

    /// <summary>Ends it: with a last word, or by SIGKILL.</summary>
    public async Task StopAsync(bool kill)
    {
        if (kill)
        {
            process.Kill();
        }

        await process.DisposeAsync();
    }

    /// <summary>Starts it again on what it kept.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        process = Launch();
        await WaitUntilReadyAsync(cancellation);
    }

    /// <summary>SIGSTOP, and SIGCONT after a while.</summary>
    public Task FreezeAsync(TimeSpan time, CancellationToken cancellation) => process.FreezeAsync(time, cancellation);

    /// <summary>
    /// While it is down: puts the beginning of a command behind the last one of its file, as a power cut leaves it. It was not
    /// acknowledged, and is left out at the next start.
    /// </summary>
    public void TearLastCommand()
    {
        var last = new DirectoryInfo(Path.Combine(folder, "appendonlydir")).EnumerateFiles("*.incr.aof").MaxBy(file => file.LastWriteTimeUtc)!;
        using var file = last.Open(FileMode.Append);
        file.Write("*3\r\n$3\r\nSET\r\n$14\r\nkapso/to"u8);
    }

    /// <summary>Lets it take hardly anything more, or as much as there is: writes that need memory are refused then.</summary>
    public async Task SetFullAsync(bool full, CancellationToken cancellation) =>
        await AskAsync(["CONFIG", "SET", "maxmemory", full ? $"{await ReadMemoryAsync(cancellation)}" : "0"], cancellation);

    /// <summary>How many scripts it ran. Every write of the service for a customer is one script.</summary>
    public async Task<long> CountScriptsAsync(CancellationToken cancellation)
    {
        var statistics = await AskAsync(["INFO", "commandstats"], cancellation);
        return Number(statistics, "cmdstat_eval:calls=") + Number(statistics, "cmdstat_evalsha:calls=");
    }

    /// <summary>Bytes that it holds for what it keeps.</summary>
    public async Task<long> ReadMemoryAsync(CancellationToken cancellation) =>
        Number(await AskAsync(["INFO", "memory"], cancellation), "used_memory:");

    /// <summary>Bytes of its files.</summary>
    public long ReadDisk() =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    /// <summary>Has it write its file anew, without what has been overwritten since, and waits for that.</summary>
    public async Task RewriteAsync(CancellationToken cancellation)
    {
        await AskAsync(["BGREWRITEAOF"], cancellation);
        string state;
        do
        {
            await Task.Delay(200, cancellation);
            state = await AskAsync(["INFO", "persistence"], cancellation);
        }
        while (Number(state, "aof_rewrite_in_progress:") + Number(state, "aof_rewrite_scheduled:") > 0);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private ChildProcess Launch() => ChildProcess.Start("redis-server", "redis-server",
    [
        "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder,
        "--save", "", "--appendonly", "yes", "--appendfsync", "always",
    ]);

    /// <summary>While it reads its file, it answers with an error.</summary>
    private Task WaitUntilReadyAsync(CancellationToken cancellation) =>
        process.WaitUntilAsync(async () => await AskAsync(["PING"], cancellation) == "PONG", cancellation);

    private Task<string> AskAsync(string[] command, CancellationToken cancellation) =>
        ChildProcess.RunAsync("redis-cli", "redis-cli", ["-p", $"{port}", .. command], null, cancellation);

    private static long Number(string statistics, string name) =>
        Regex.Match(statistics, $@"{name}(\d+)") is { Success: true } match
            ? long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : 0;
}
