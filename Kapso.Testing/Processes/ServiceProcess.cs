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

    public int Id => _process.Id;

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
        var service = Launch(assembly, settings, port, neighbour);
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

    /// <summary>The same, without waiting for anything.</summary>
    /// <param name="assembly">As above.</param>
    /// <param name="settings">As above.</param>
    /// <param name="port">As above.</param>
    /// <param name="neighbour">As above.</param>
    /// <param name="wrapper">A command that becomes the host, whose command line comes behind it: as another user, in another place.</param>
    public static ServiceProcess Launch(
        string assembly, IReadOnlyDictionary<string, string> settings, int? port = null, string? neighbour = null, params string[] wrapper)
    {
        var program = Path.Combine(AppContext.BaseDirectory, assembly);
        return Launch([.. wrapper, "dotnet", .. Arguments(program, neighbour)], Path.GetDirectoryName(program)!, settings, port);
    }

    /// <summary>Starts a program that listens where <c>PORT</c> or <c>ASPNETCORE_URLS</c> says.</summary>
    public static ServiceProcess Launch(string[] command, string folder, IReadOnlyDictionary<string, string> settings, int? port = null)
    {
        var address = new Uri($"http://127.0.0.1:{port ?? LoopbackPort.Free()}");
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["PORT"] = address.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        foreach (var (name, value) in settings)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;

        return new ServiceProcess(Process.Start(start)!, address);
    }

    /// <summary>Waits until it has ended, and all that it wrote is there.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndedAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>What it answers to a GET; null while it does not listen.</summary>
    public async Task<(HttpStatusCode Status, string Body)?> AskAsync(string path, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Address };
        try
        {
            using var answer = await client.GetAsync(path, cancellationToken);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Waits for a line of what it writes.</summary>
    public Task UntilSaidAsync(string part) =>
        Wait.ForAsync(() => Output.Contains(part, StringComparison.Ordinal), $"a line that says '{part}'");

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

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task UntilReadyAsync(CancellationToken cancellationToken)
    {
        while (await AskAsync("/health", cancellationToken) is not { Status: HttpStatusCode.OK })
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The service ended with {_process.ExitCode} instead of becoming ready:\n{Output}");
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
