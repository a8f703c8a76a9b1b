using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Kapso.Testing.Processes;

/// <summary>The real service in a process of its own, on a free loopback port, with settings from the environment.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private bool _disposed;

    private ServiceProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts a host of the service and waits until it says that it is ready.</summary>
    /// <param name="assembly">The host's assembly: its name beside the tests', or its path.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="port">Where it listens; null for a free port.</param>
    /// <param name="neighbour">An assembly beside it whose dependencies it can load as well as its own, itself among them.</param>
    public static async Task<ServiceProcess> StartAsync(
        string assembly,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken,
        int? port = null,
        string? neighbour = null)
    {
        var address = new Uri($"http://127.0.0.1:{port ?? LoopbackPort.Free()}");
        var program = Path.Combine(AppContext.BaseDirectory, assembly);
        var start = new ProcessStartInfo("dotnet", Arguments(program, neighbour))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        foreach (var (name, value) in settings)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;

        var service = new ServiceProcess(Process.Start(start)!, address);
        try
        {
            await service.UntilReadyAsync(cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: no chance to say goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>SIGTERM: it ends what it has begun.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(CancellationToken.None);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task UntilReadyAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Address };
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_process.HasExited)
                throw new InvalidOperationException($"The service ended with {_process.ExitCode} instead of becoming ready:\n{Output}");
            try
            {
                using var answer = await client.GetAsync("/health", cancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    private static string[] Arguments(string assembly, string? neighbour) => neighbour is null
        ? [assembly]
        :
        [
            "exec",
            "--depsfile", Path.Combine(AppContext.BaseDirectory, Path.ChangeExtension(neighbour, "deps.json")),
            "--runtimeconfig", Path.ChangeExtension(assembly, "runtimeconfig.json"),
            assembly,
        ];

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
