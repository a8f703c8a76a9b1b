using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Kapso.Testing.Processes;
using StackExchange.Redis;

namespace Kapso.Testing.Clusters;

/// <summary>A Redis of the test's own, on a free port and in a folder of its own, that keeps all that it acknowledges.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kapso-redis-");
    private readonly RedisProgram _program;
    private Process? _process;

    private RedisServer(int port, RedisProgram program) => (Port, _program) = (port, program);

    public int Port { get; }

    /// <summary>Where it keeps its files.</summary>
    public string Folder => _folder.FullName;

    public string ConnectionString => $"127.0.0.1:{Port},abortConnect=false,connectTimeout=5000,allowAdmin=true";

    public static Task<RedisServer> StartAsync(params string[] settings) => StartAsync(RedisProgram.RedisServer(settings));

    public static async Task<RedisServer> StartAsync(RedisProgram program)
    {
        var server = Prepare(program);
        await server.RestartAsync();
        return server;
    }

    /// <summary>One that is not there yet.</summary>
    public static RedisServer Prepare(RedisProgram program) => new(LoopbackPort.Free(), program);

    /// <summary>Connects to it.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync(ConnectionString);

    /// <summary>Ends it as a power cut does, without a word.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Has it lose all that it kept, while it does not run.</summary>
    public void Lose()
    {
        _folder.Delete(recursive: true);
        _folder.Create();
    }

    /// <summary>Starts it, again on what it kept.</summary>
    public async Task RestartAsync()
    {
        var start = new ProcessStartInfo(_program.Command, _program.Arguments(Port, _folder.FullName)) { WorkingDirectory = AppContext.BaseDirectory };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{_program.Command} did not start: install it.");
        await AnswersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>
    /// Waits until it listens, since a connection that is tried before takes its whole time-out, and has read its files: until then it
    /// answers every command with an error.
    /// </summary>
    private async Task AnswersAsync()
    {
        for (var patience = 6_000; ; patience--)
        {
            if (patience == 0)
                throw new InvalidOperationException($"{_program.Command} does not answer on port {Port}.");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                await using var stream = client.GetStream();
                await stream.WriteAsync("PING\r\n"u8.ToArray());
                using var reader = new StreamReader(stream);
                if (await reader.ReadLineAsync() is { } answer && !answer.StartsWith("-LOADING", StringComparison.Ordinal))
                    return;
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                // Not yet.
            }

            await Task.Delay(20);
        }
    }
}
