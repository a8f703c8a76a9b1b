using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Kapso.Benchmarks.Targets;

/// <summary>A process that the benchmark started and ends. Its last lines of output are kept for when it fails.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 100;
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Freeze = 19;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private static int ports = Random.Shared.Next(10_000);

    private readonly string name;
    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();

    private ChildProcess(string name, Process process) => (this.name, this.process) = (name, process);

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    private string Output => string.Join('\n', output).Trim();

    /// <summary>Starts a program. Variables of the environment are added to this process' own.</summary>
    public static ChildProcess Start(
        string name,
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var child = new ChildProcess(name, new Process { StartInfo = start });
        child.process.OutputDataReceived += child.Keep;
        child.process.ErrorDataReceived += child.Keep;
        child.process.Start();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Starts a server of this assembly on a port of the loopback address.</summary>
    public static ChildProcess StartSelf(string name, string command, int port, params string[] options) => Start(
        name,
        "dotnet",
        [typeof(ChildProcess).Assembly.Location, command, "--port", $"{port}", .. options],
        new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Production" });

    /// <summary>Runs a program to its end and returns what it wrote, the last lines if that is much.</summary>
    /// <exception cref="BenchmarkException">It ended with another code than 0.</exception>
    public static async Task<string> RunAsync(
        string name, string program, IEnumerable<string> arguments, string? folder, CancellationToken cancellation)
    {
        await using var child = Start(name, program, arguments, folder: folder);
        await child.process.WaitForExitAsync(cancellation);
        return child.process.ExitCode == 0
            ? child.Output
            : throw new BenchmarkException($"{name} ended with code {child.process.ExitCode}:\n{child.Output}");
    }

    /// <summary>
    /// A loopback port that was free a moment ago, another with each call, below those that the system gives to clients: none of the
    /// generator's connections may take it.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 22_000 + (int)((uint)Interlocked.Increment(ref ports) % 10_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody's.
            }
        }
    }

    /// <summary>Waits until a GET of this address is answered with success. The process ends if it is not.</summary>
    /// <exception cref="BenchmarkException">The process ended, or a minute went by.</exception>
    public async Task WaitUntilReadyAsync(Uri address, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        await WaitUntilAsync(
            async () =>
            {
                using var answer = await client.GetAsync(address, cancellation);
                return answer.IsSuccessStatusCode;
            },
            cancellation);
    }

    /// <summary>
    /// Waits until a condition holds that only a living process can bring about; an attempt to find out may fail or take
    /// long as long as it does not. The process ends if it never does.
    /// </summary>
    /// <exception cref="BenchmarkException">The process ended, or a minute went by.</exception>
    public async Task WaitUntilAsync(Func<Task<bool>> ready, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            while (!await HoldsAsync(ready, cancellation))
            {
                if (process.HasExited)
                {
                    throw new BenchmarkException($"{name} ended with code {process.ExitCode} before it was ready:\n{Output}");
                }

                if (Stopwatch.GetElapsedTime(start) > StartLimit)
                {
                    throw new BenchmarkException($"{name} was not ready within {StartLimit.TotalSeconds} s:\n{Output}");
                }

                await Task.Delay(100, cancellation);
            }
        }
        catch
        {
            await EndAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: no chance to say goodbye.</summary>
    public void Kill() => process.Kill();

    /// <summary>SIGSTOP, and SIGCONT after a while: what it has open stays open, and nothing is answered.</summary>
    public async Task FreezeAsync(TimeSpan time, CancellationToken cancellation)
    {
        _ = Signal(process.Id, Freeze);
        try
        {
            await Task.Delay(time, cancellation);
        }
        finally
        {
            _ = Signal(process.Id, Continue);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        process.Dispose();
    }

    private async Task EndAsync()
    {
        if (!process.HasExited)
        {
            _ = Signal(process.Id, Terminate);
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static async Task<bool> HoldsAsync(Func<Task<bool>> ready, CancellationToken cancellation)
    {
        try
        {
            return await ready().WaitAsync(AttemptLimit, cancellation);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or BenchmarkException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
        {
            return;
        }

        output.Enqueue(line.Data);
        while (output.Count > KeptLines)
        {
            output.TryDequeue(out _);
        }
    }
}
