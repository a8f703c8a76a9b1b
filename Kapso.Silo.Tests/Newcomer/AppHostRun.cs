using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Kapso.Silo.Tests.Newcomer;

/// <summary>
/// <c>dotnet run --project Kapso.AppHost</c> as a process with its launch profile, so on its own ports. They are the only fixed
/// ones of all tests; one that is taken fails the test by its name.
/// </summary>
internal sealed partial class AppHostRun : IAsyncDisposable
{
    /// <summary>Where the API answers.</summary>
    public static readonly Uri Api = new("http://127.0.0.1:5080");

    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(15);

    private static readonly (int Port, string Of)[] Ports =
        [(5080, "the API"), (5090, "the simulated platform"), (15080, "the dashboard"), (15081, "the dashboard's telemetry"), (15082, "the dashboard's resources")];

    private readonly Machine _machine;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly Task _reading;

    private AppHostRun(Machine machine, Process process)
    {
        (_machine, _process) = (machine, process);
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>All that it has written to the console.</summary>
    public string Console => string.Join('\n', _lines);

    /// <summary>The processes that it consists of now.</summary>
    public IReadOnlyList<RunningProcess> Processes => ProcessList.In(_machine.Home);

    /// <summary>Starts it.</summary>
    public static AppHostRun Start(Machine machine)
    {
        foreach (var (port, of) in Ports)
            Assert.False(IsTaken(port), $"Port {port} is {of}'s, and something else on this machine listens on it. Stop that.");

        // A session of its own, so that a signal reaches what Ctrl+C in a terminal reaches, and nothing else.
        var start = new ProcessStartInfo("setsid", ["dotnet", "run", "--no-build", "--configuration", Configuration(), "--project", "Kapso.AppHost"])
        {
            WorkingDirectory = Machine.Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in machine.Variables)
            start.Environment[name] = value;
        return new AppHostRun(machine, Process.Start(start)!);
    }

    /// <summary>Waits for the address with which its dashboard can be opened.</summary>
    public async Task<string> DashboardAsync()
    {
        await Wait.ForAsync(() => _reading.IsCompleted || LoginUrl().IsMatch(Console), "the dashboard's address on the console");
        var address = LoginUrl().Match(Console);
        Assert.True(address.Success, $"The dashboard's address was expected on the console; it says:\n{Console}");
        return address.Groups[1].Value;
    }

    /// <summary>Presses Ctrl+C. Fails where a process of it lives on for longer than 15 s.</summary>
    /// <returns>How long the last of them lived.</returns>
    public async Task<TimeSpan> InterruptAsync()
    {
        var processes = Processes;
        var pressed = Stopwatch.StartNew();
        ProcessList.Interrupt(_process.Id);
        RunningProcess[] alive;
        while ((alive = [.. processes.Union(Processes).Where(ProcessList.IsAlive)]).Length > 0 && pressed.Elapsed < StopsWithin)
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        Assert.True(alive.Length == 0, $"{StopsWithin.TotalSeconds} s after Ctrl+C these live on:\n{string.Join('\n', alive.Select(process => process.Command))}\n{Console}");
        return pressed.Elapsed;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            ProcessList.Interrupt(_process.Id);
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var left in Processes)
        {
            using var process = Process.GetProcessById(left.Id);
            process.Kill();
        }

        await _reading;
        _process.Dispose();
    }

    [GeneratedRegex(@"Login URL:\s+(\S+)")]
    private static partial Regex LoginUrl();

    /// <summary>Debug or Release, as the tests were built.</summary>
    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static bool IsSetting(string name) =>
        name.StartsWith("Kapso", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Redis", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Platform", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Parameters", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("OTEL_", StringComparison.Ordinal) || name.StartsWith("ASPIRE_", StringComparison.Ordinal)
        || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name is "DOTNET_ENVIRONMENT" or "DOTNET_LAUNCH_PROFILE";

    private static bool IsTaken(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            _lines.Enqueue(line);
    }
}
