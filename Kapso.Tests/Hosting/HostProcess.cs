using System.Collections.Concurrent;
using System.Diagnostics;

namespace Kapso.Tests.Hosting;

/// <summary>The real host in a process and a folder of its own, on a free port. Killed when disposed.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly SemaphoreSlim _written = new(0);
    private readonly Task _reading;

    private HostProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>All that it has written to the console.</summary>
    public string Output => string.Join('\n', _lines);

    public static HostProcess Start(string folder, string environment, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Kapso.Embedded.dll")])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToArray())
            start.Environment.Remove(name);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it has started, and returns what it wrote until then.</summary>
    public Task<string> StartedAsync() => ShownAsync("Application started");

    /// <summary>Waits until it has started and the console shows this text, and returns all that it wrote until then.</summary>
    public async Task<string> ShownAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!(Output.Contains("Application started", StringComparison.Ordinal) && Output.Contains(text, StringComparison.Ordinal)))
        {
            Assert.False(deadline.IsCancellationRequested || _reading.IsCompleted, $"The host was expected to write '{text}'; it wrote:\n{Output}");
            await Task.WhenAny(_written.WaitAsync(deadline.Token), _reading);
        }

        return Output;
    }

    /// <summary>Waits until it has started, and returns where it listens.</summary>
    public async Task<Uri> AddressAsync()
    {
        const string Listening = "Now listening on: ";
        var line = (await ShownAsync(Listening)).Split('\n').First(line => line.Contains(Listening, StringComparison.Ordinal));
        return new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]);
    }

    /// <summary>Waits until it has ended by itself, and returns its exit code.</summary>
    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _reading.WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop, as a service manager does, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        return await EndedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await EndedAsync();
        _process.Dispose();
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("Kapso", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("OTEL_", StringComparison.Ordinal)
        || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || name.StartsWith("DOTNET_ENVIRONMENT", StringComparison.Ordinal);

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            _written.Release();
        }
    }
}
