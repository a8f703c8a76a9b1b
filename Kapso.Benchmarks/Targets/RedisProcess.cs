using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

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
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

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

    /// <summary>How many scripts it ran. Every write of the service for a customer is one script.</summary>
    public async Task<long> CountScriptsAsync(CancellationToken cancellation)
    {
        var statistics = await AskAsync("INFO commandstats", cancellation);
        return Number(statistics, "cmdstat_eval:calls=") + Number(statistics, "cmdstat_evalsha:calls=");
    }

    /// <summary>Bytes that it holds for what it keeps.</summary>
    public async Task<long> ReadMemoryAsync(CancellationToken cancellation) =>
        Number(await AskAsync("INFO memory", cancellation), "used_memory:");

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private ChildProcess Launch() => ChildProcess.Start("redis-server", "redis-server",
    [
        "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder,
        "--save", "", "--appendonly", "yes", "--appendfsync", "always",
    ]);

    private Task WaitUntilReadyAsync(CancellationToken cancellation) => process.WaitUntilAsync(
        async () =>
        {
            try
            {
                // While it reads its file, it answers with an error.
                return await AskAsync("PING", cancellation) == "PONG";
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                return false;
            }
        },
        cancellation);

    /// <summary>The answer to one command: a line, or a text of the length that the line says.</summary>
    private async Task<string> AskAsync(string command, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, cancellation);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var head = await reader.ReadLineAsync(cancellation) ?? throw new IOException("redis-server closed the connection.");
        if (!head.StartsWith('$'))
        {
            return head[1..];
        }

        var text = new char[int.Parse(head[1..], CultureInfo.InvariantCulture)];
        await reader.ReadBlockAsync(text, cancellation);
        return new string(text);
    }

    private static long Number(string statistics, string name)
    {
        var at = statistics.IndexOf(name, StringComparison.Ordinal);
        if (at < 0)
        {
            return 0;
        }

        var digits = statistics.AsSpan(at + name.Length);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return long.Parse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture);
    }
}
