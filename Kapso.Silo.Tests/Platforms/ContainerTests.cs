using System.Net;
using Hosts = Kapso.Silo.Tests.Stores.Hosts;

namespace Kapso.Silo.Tests.Platforms;

/// <summary>
/// What the images hold, run as an engine runs a container with a root that cannot be written: by the user of the images, without
/// privileges, and with the data folder as the only place to write to.
/// </summary>
public sealed class ContainerTests : IDisposable
{
    /// <summary>The user of the images (<c>APP_UID</c>).</summary>
    private const string User = "1654";

    private readonly TemporaryFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    [Fact]
    public async Task The_embedded_form_writes_to_its_data_folder_alone()
    {
        RequireRoot();
        using var patience = new CancellationTokenSource(Hosts.Patience);
        var program = await PublishAsync("Kapso.Embedded");
        var settings = Contained(CrashProject.Settings(new Uri("http://127.0.0.1:9"), parallelism: 8));
        settings["Kapso:Store:Path"] = Path.Combine(Data, "kapso.db");
        await using var host = ServiceProcess.Launch(program, settings, wrapper: Container());
        await host.UntilReadyAsync(patience.Token);

        using var client = CrashProject.Operator(host.Address);
        var delivery = Delivery.New(1);
        Assert.Equal(HttpStatusCode.OK, await CrashProject.SendAsync(client, delivery));
        Assert.NotNull(await CrashProject.FindAsync(client, delivery, patience.Token));
        await AssertHealthIsAskedAsync(program, host);

        await host.StopAsync();
        Assert.Equal(0, await host.EndedAsync(patience.Token));
        AssertQuiet(host);
    }

    [Fact]
    public async Task Silo_and_api_write_nowhere()
    {
        RequireRoot();
        using var patience = new CancellationTokenSource(Hosts.Patience);
        var (ofSilo, ofApi) = (await PublishAsync("Kapso.Silo"), await PublishAsync("Kapso.Api"));
        await using var redis = await RedisServer.StartAsync();
        await using var silo = ServiceProcess.Launch(ofSilo, Contained(Hosts.SettingsOn(redis)), wrapper: Container());
        await using var api = ServiceProcess.Launch(ofApi, Contained(Hosts.SettingsOn(redis)), wrapper: Container());
        await silo.UntilReadyAsync(patience.Token);
        await api.UntilReadyAsync(patience.Token);

        using var client = CrashProject.Operator(api.Address);
        var delivery = Delivery.New(1);
        Assert.Equal(HttpStatusCode.OK, await CrashProject.SendAsync(client, delivery));
        await Wait.ForAsync(async () => await CrashProject.FindAsync(client, delivery, patience.Token) is not null, "the customer to be known");
        Assert.Equal(HttpStatusCode.OK, (await api.AskAsync("/ops/sign-in", patience.Token))!.Value.Status);
        await AssertHealthIsAskedAsync(ofSilo, silo);
        await AssertHealthIsAskedAsync(ofApi, api);

        await Task.WhenAll(api.StopAsync(), silo.StopAsync());
        AssertQuiet(silo);
        AssertQuiet(api);
        Assert.Empty(Directory.GetFileSystemEntries(Data));
    }

    [Fact]
    public async Task Nothing_else_can_be_written_there()
    {
        RequireRoot();
        foreach (var (folder, exitCode) in ((string, int)[])[(Data, 0), (_folder.Path, 1), ("/tmp", 1), ("/var/tmp", 1), ("/dev/shm", 1)])
        {
            var container = Container();
            var (ended, output) = await Command.RunAsync(container[0], [.. container[1..], "touch", Path.Combine(folder, "kapso-written")], _folder.Path);
            Assert.True(ended == exitCode, $"{folder}: {output}");
        }
    }

    public void Dispose() => _folder.Dispose();

    private static void RequireRoot() =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "A container is made by root only, and on Linux.");

    private static Dictionary<string, string> Contained(Dictionary<string, string> settings) => new(settings)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["HOME"] = "/home/app", // As in the images; here there is none.
    };

    private static void AssertQuiet(ServiceProcess host)
    {
        foreach (var loud in (string[])["fail:", "crit:", "Unhandled", "Read-only", "denied"])
            Assert.False(host.Output.Contains(loud, StringComparison.OrdinalIgnoreCase), host.Output);
    }

    /// <summary>As an engine's health check asks, which has nothing but the program.</summary>
    private async Task AssertHealthIsAskedAsync(string program, ServiceProcess host)
    {
        var nobody = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}");
        foreach (var (verb, address, exitCode, says) in ((string, Uri, int, string)[])
            [("health", host.Address, 0, "\"ready\""), ("alive", host.Address, 0, "\"alive\""), ("health", nobody, 1, "does not answer")])
        {
            var container = Container();
            var (ended, output) = await Command.RunAsync(
                container[0], [.. container[1..], "dotnet", program, verb], _folder.Path, Contained(new() { ["ASPNETCORE_URLS"] = address.AbsoluteUri, ["HTTP_PROXY"] = nobody.AbsoluteUri }));
            Assert.True(ended == exitCode, output);
            Assert.Contains(says, output, StringComparison.Ordinal);
        }
    }

    /// <summary>A command that becomes what comes behind it, with a view of the files of its own.</summary>
    private string[] Container()
    {
        Directory.CreateDirectory(Data);
        return
        [
            "unshare", "--mount", "sh", "-c",
            $"""
            chmod 755 '{_folder.Path}' && chown {User}:{User} '{Data}'
            while read -r _ folder _; do mount -o remount,bind,ro "$folder" 2>/dev/null; done </proc/mounts
            mount --bind '{Data}' '{Data}' && mount -o remount,bind,rw '{Data}' || exit 2
            exec setpriv --reuid {User} --regid {User} --clear-groups --no-new-privs --inh-caps -all --bounding-set -all "$@"
            """,
            "sh",
        ];
    }

    /// <summary>The layout of an image's application folder.</summary>
    /// <returns>The path of its program.</returns>
    private async Task<string> PublishAsync(string project)
    {
        var application = Path.Combine(_folder.Path, project);
        var (exitCode, output) = await Command.RunAsync(
            "dotnet",
            ["publish", project, "--configuration", "Debug", "--no-build", "-p:PublishReadyToRun=false", "--output", application],
            Repository.Folder,
            new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1" });
        Assert.True(exitCode == 0, output);
        return Path.Combine(application, project + ".dll");
    }
}
