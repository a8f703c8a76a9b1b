using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>The application host as a process, on machines that lack what it is to take.</summary>
public sealed class RefusalTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly StubMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("container", null, "no container runtime is installed")]
    [InlineData("redis-server", null, "no redis-server on the path")]
    [InlineData("valkey-server", null, "no valkey-server on the path")]
    [InlineData("garnet", null, "Garnet could not be restored")]
    [InlineData("auto", null, "There is no Redis to be had on this machine")]
    [InlineData("auto", "container", "kept by container")]
    [InlineData("auto", "redis-server", "kept by redis-server")]
    [InlineData("auto", "valkey-server", "kept by valkey-server")]
    [InlineData("auto", "garnet", "kept by garnet")]
    public async Task What_cannot_be_had_is_one_sentence_and_exit_code_1(string setting, string? remembered, string part)
    {
        _machine.FetchPackagesFrom(_machine.Folder);
        if (remembered is not null)
            _machine.Remember(remembered);

        await AssertRefusedAsync(setting, part);

        Assert.Equal(remembered, _machine.Remembered);
    }

    [Fact]
    public Task A_container_runtime_that_is_not_healthy_is_named()
    {
        _machine.Install("docker", "exit 1");
        return AssertRefusedAsync("container", "no container runtime is healthy (docker installed)");
    }

    [Fact]
    public Task A_container_runtime_that_hangs_is_not_waited_for()
    {
        _machine.Install("docker", $"exec {StubMachine.Real("sleep")} 600");
        return AssertRefusedAsync("container", "no container runtime is healthy (docker installed)");
    }

    [Fact]
    public async Task A_package_registry_that_hangs_is_not_waited_for()
    {
        using var registry = new TcpListener(IPAddress.Loopback, 0);
        registry.Start(); // Takes connections, and says nothing.
        _machine.FetchPackagesFrom($"http://127.0.0.1:{((IPEndPoint)registry.LocalEndpoint).Port}/v3/index.json");

        await AssertRefusedAsync("garnet", "no package registry that Garnet could come from answered");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await AssertRefusedAsync("127.0.0.1:6379", $"Port {port} is that of the dashboard", $"--ASPNETCORE_URLS=http://localhost:{port}");
    }

    [Theory]
    [InlineData("--Kapso:Outbox:Lease=10", "Kapso:Outbox:Lease is '10', which says no unit")]
    [InlineData("--Kapso:Welcome:Flw=log", "Kapso:Welcome:Flw is not a setting: the nearest that is one is Kapso:Welcome:Flow.")]
    [InlineData("--Kapso:Parked:MaxCount=0", "Kapso:Parked:MaxCount is out of range")]
    [InlineData("--Platform=other", "Platform is other: set simulator or kapso.")]
    public Task A_setting_that_is_wrong_is_named_before_anything_starts(string setting, string part) =>
        AssertRefusedAsync("127.0.0.1:6379", part, setting);

    private async Task AssertRefusedAsync(string setting, string part, params string[] settings)
    {
        var start = new ProcessStartInfo(
            StubMachine.Real("dotnet"),
            [
                // Beside the tests, it finds what it needs by their files.
                "exec", "--runtimeconfig", Beside("Kapso.Silo.Tests.runtimeconfig.json"), "--depsfile", Beside("Kapso.Silo.Tests.deps.json"),
                Beside("Kapso.AppHost.dll"), $"--Redis={setting}", $"--Redis:Folder={_machine.Folder}", .. settings,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = _machine.Path;
        start.Environment["HOME"] = _machine.Home;
        start.Environment["DOTNET_HOST_PATH"] = StubMachine.Real("dotnet");
        start.Environment.Remove("NUGET_PACKAGES");
        start.Environment.Remove("DOTNET_CLI_HOME");

        using var host = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var (output, error) = (host.StandardOutput.ReadToEndAsync(CancellationToken.None), host.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await host.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            host.Kill(entireProcessTree: true);
            Assert.Fail($"The application host was to end within {Limit.TotalSeconds} s.");
        }

        var said = (await error).TrimEnd();
        Assert.Equal(1, host.ExitCode);
        Assert.Contains(part, said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
        Assert.EndsWith(".", said, StringComparison.Ordinal);
        if (settings.Length == 0)
            Assert.DoesNotContain("Redis is", await output, StringComparison.Ordinal);
    }

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
