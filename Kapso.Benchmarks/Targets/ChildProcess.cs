using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Kapso.Benchmarks.Targets;

/// <summary>A process that the benchmark started and ends. Its last lines of output are kept for when it fails.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 40;
    private const int Terminate = 15;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly string name;
    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();

    private ChildProcess(string name, Process process)
    {
        this.name = name;
        this.process = process;
    }

    public int Id => process.Id;

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

    /// <summary>Runs a program to its end and returns what it wrote.</summary>
    /// <exception cref="BenchmarkException">It ended with another code than 0.</exception>
    public static async Task<string> RunAsync(
        string name, string program, IEnumerable<string> arguments, string? folder, CancellationToken cancellation)
    {
        await using var child = Start(name, program, arguments, folder: folder);
        await child.process.WaitForExitAsync(cancellation);
        return child.process.ExitCode == 0
            ? string.Join('\n', child.output).Trim()
            : throw new BenchmarkException($"{name} ended with code {child.process.ExitCode}:\n{child.Output()}");
    }

    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until a GET of this address is answered with success.</summary>
    /// <exception cref="BenchmarkException">The process ended, or a minute went by.</exception>
    public async Task WaitUntilReadyAsync(Uri address, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        await WaitUntilAsync(
            async () =>
            {
                try
                {
                    using var answer = await client.GetAsync(address, cancellation);
                    return answer.IsSuccessStatusCode;
                }
                catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
                {
                    return false;
                }
            },
            cancellation);
    }

    /// <summary>Waits until a condition holds that only a living process can bring about.</summary>
    /// <exception cref="BenchmarkException">The process ended, or a minute went by.</exception>
    public async Task WaitUntilAsync(Func<Task<bool>> ready, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await ready())
        {
            cancellation.ThrowIfCancellationRequested();
            if (process.HasExited)
            {
                throw new BenchmarkException($"{name} ended with code {process.ExitCode} before it was ready:\n{Output()}");
            }

            if (Stopwatch.GetElapsedTime(start) > StartLimit)
            {
                throw new BenchmarkException($"{name} was not ready within {StartLimit.TotalSeconds} s:\n{Output()}");
            }

            await Task.Delay(100, cancellation);
        }
    }

    /// <summary>The last lines that the process wrote.</summary>
    public string Output() => string.Join('\n', output);

    /// <summary>SIGKILL: no chance to say goodbye.</summary>
    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
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

        process.Dispose();
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
