using System.Net;

namespace Kapso.Tests.Hosting;

/// <summary>The real host on a store that is not as it should be, as a user without privileges where permissions are the matter.</summary>
[Collection(RunsAlone.Name)]
public sealed class StorePlaceTests
{
    private const string Host = "Kapso.Embedded.dll";
    private const string OtherUser = "65534";

    private static readonly Uri Nobody = new("http://127.0.0.1:9");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string[] AsOtherUser = ["setpriv", $"--reuid={OtherUser}", $"--regid={OtherUser}", "--clear-groups"];

    [Theory]
    [InlineData("folder", "cannot be written by user 65534 (its mode is 755)")]
    [InlineData("kapso.db", "kapso.db' cannot be read and written by user 65534 (its mode is 600)")]
    [InlineData("kapso.db-wal", "kapso.db-wal' cannot be read and written by user 65534 (its mode is 644)")]
    [InlineData("kapso.db-shm", "kapso.db-shm' cannot be read and written by user 65534 (its mode is 644)")]
    [InlineData("kapso.db.lock", "kapso.db.lock' cannot be read and written by user 65534 (its mode is 600)")]
    public async Task What_another_user_owns_is_named_with_its_mode_and_the_user(string owned, string expected)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "Another user's process can be started by root only.");
        using var patience = new CancellationTokenSource(Patience);
        using var folder = new TemporaryFolder();
        var store = Path.Combine(folder.Path, "kapso.db");
        await using (await ServiceProcess.StartAsync(Host, SettingsOn(store), patience.Token))
        {
            // Killed, it leaves its log and the memory that it shared.
        }

        await Shell.PasteAsync($"chown -R {OtherUser} '{folder.Path}' && chmod 700 '{folder.Path}'");
        await Shell.PasteAsync(owned == "folder"
            ? $"chown root '{folder.Path}' && chmod 755 '{folder.Path}' && rm -f '{store}.lock'"
            : $"chown root '{Path.Combine(folder.Path, owned)}' && chmod {(owned.EndsWith("wal", StringComparison.Ordinal) || owned.EndsWith("shm", StringComparison.Ordinal) ? "644" : "600")} '{Path.Combine(folder.Path, owned)}'");
        await using var host = ServiceProcess.Launch(Host, SettingsOn(store), wrapper: AsOtherUser);

        await AssertRefusedAsync(host, expected, patience.Token);
    }

    [Fact]
    public async Task A_user_without_privileges_can_keep_a_store_of_their_own()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "Another user's process can be started by root only.");
        using var patience = new CancellationTokenSource(Patience);
        using var folder = new TemporaryFolder();
        await Shell.PasteAsync($"chown {OtherUser} '{folder.Path}' && chmod 700 '{folder.Path}'");
        await using var host = ServiceProcess.Launch(Host, SettingsOn(Path.Combine(folder.Path, "data", "kapso.db")), wrapper: AsOtherUser);

        await host.UntilReadyAsync(patience.Token);
    }

    [Fact]
    public async Task A_place_without_shared_memory_is_refused()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var folder = new TemporaryFolder();
        var store = Path.Combine(folder.Path, "kapso.db");
        Directory.CreateDirectory(store + "-shm"); // In its place, no file can be mapped.
        await using var host = ServiceProcess.Launch(Host, SettingsOn(store));

        await AssertRefusedAsync(host, "shared memory", patience.Token);
    }

    [Fact]
    public async Task Where_the_lock_is_deleted_the_later_process_owns_the_store_and_the_earlier_one_ends_with_a_sentence()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var folder = new TemporaryFolder();
        var store = Path.Combine(folder.Path, "kapso.db");
        await using var earlier = await ServiceProcess.StartAsync(Host, SettingsOn(store), patience.Token);
        var before = Delivery.New(1);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(earlier, before));
        File.Delete(store + ".lock");

        await using var later = await ServiceProcess.StartAsync(Host, SettingsOn(store), patience.Token);
        var refused = await SendAsync(earlier, Delivery.New(2));
        Assert.True(refused is null or HttpStatusCode.ServiceUnavailable, $"The earlier process answered {refused}.");
        Assert.Equal(1, await earlier.EndedAsync(patience.Token));
        Assert.Contains("Kapso ends, to be started anew: another process has taken the store", earlier.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", earlier.Output, StringComparison.Ordinal);

        var after = Delivery.New(3);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(later, after));
        using var client = CrashProject.Operator(later.Address);
        foreach (var delivery in (Delivery[])[before, after])
            Assert.NotNull(await CrashProject.FindAsync(client, delivery, patience.Token));
    }

    [Fact]
    public async Task A_full_disk_is_answered_503_and_a_disk_with_room_again_200()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "A small disk can be mounted by root only.");
        using var patience = new CancellationTokenSource(Patience);
        using var folder = new TemporaryFolder();
        var filler = Path.Combine(folder.Path, "disk", "filler");
        Directory.CreateDirectory(Path.Combine(folder.Path, "disk"));
        await using var host = ServiceProcess.Launch(
            Host,
            SettingsOn(Path.Combine(folder.Path, "disk", "kapso.db")),
            wrapper: ["unshare", "--mount", "sh", "-c", $"mount -t tmpfs -o size=8m tmpfs '{folder.Path}/disk' && exec \"$@\"", "sh"]);
        await host.UntilReadyAsync(patience.Token);
        var number = 0L;
        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, Delivery.New(++number)));

        // Its disk is seen by nobody else: it is filled by way of the process.
        await Shell.PasteAsync($"dd if=/dev/zero of=/proc/{host.Id}/root{filler} bs=64k 2>/dev/null || true");
        var failed = Delivery.New(0);
        await Wait.ForAsync(
            async () => await SendAsync(host, failed = Delivery.New(++number)) == HttpStatusCode.ServiceUnavailable, "a delivery that the full disk has no room for");
        await Wait.ForAsync(async () => await host.AskAsync("/health", patience.Token) is { Status: HttpStatusCode.ServiceUnavailable }, "health that tells of it");

        await Shell.PasteAsync($"rm /proc/{host.Id}/root{filler}");
        await Wait.ForAsync(async () => await SendAsync(host, failed) == HttpStatusCode.OK, "a delivery that is taken again");
        await host.UntilReadyAsync(patience.Token);
    }

    private static Dictionary<string, string> SettingsOn(string store)
    {
        var settings = CrashProject.Settings(Nobody, parallelism: 8);
        settings["Kapso:Store:Path"] = store;
        settings["ASPNETCORE_ENVIRONMENT"] = "Production"; // In Development, files of the framework's packages are looked for in root's home.
        return settings;
    }

    private static async Task<HttpStatusCode?> SendAsync(ServiceProcess host, Delivery delivery)
    {
        using var client = new HttpClient { BaseAddress = host.Address };
        return await CrashProject.SendAsync(client, delivery);
    }

    private static async Task AssertRefusedAsync(ServiceProcess host, string expected, CancellationToken cancellationToken)
    {
        Assert.Equal(1, await host.EndedAsync(cancellationToken));
        Assert.Contains("Kapso does not start: ", host.Output, StringComparison.Ordinal);
        Assert.Contains(expected, host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("in use", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Output, StringComparison.Ordinal);
    }
}
