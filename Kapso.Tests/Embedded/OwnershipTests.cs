using Kapso.Engines.Sqlite.Store;

namespace Kapso.Tests.Embedded;

/// <summary>Two engines on one file, where the lock beside it does not keep them apart, and a file that is taken away.</summary>
public sealed class OwnershipTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Store _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_lock_is_gone_or_another_file_the_later_one_owns_the_store_and_the_earlier_one_writes_no_more(bool another)
    {
        await using var earlier = await _store.StartAsync();
        await earlier.ObserveAsync(Store.Customer("c0"), Store.Created("1000"), None);
        File.Delete(_store.Path + ".lock");
        if (another)
            await File.WriteAllTextAsync(_store.Path + ".lock", "", None);

        using var replacement = new Store(_store.Path);
        await using var later = await replacement.StartAsync();
        await later.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);
        await Assert.ThrowsAsync<EngineUnavailableException>(() => earlier.ObserveAsync(Store.Customer("c2"), Store.Created("1002"), None));
        await Assert.ThrowsAsync<EngineUnavailableException>(() => earlier.SetContactPhoneAsync(Store.Customer("c0"), "+15551234567", None));

        Assert.Contains("another process has taken the store", await _store.Failure.Reported.WaitAsync(None), StringComparison.Ordinal);
        Assert.False(replacement.Failure.Reported.IsCompleted);
        Assert.False((await earlier.CheckAsync(None)).Ready);
        Assert.Equal(Outcome.Applied, (await later.ObserveAsync(Store.Customer("c3"), Store.Created("1003"), None)).Outcome);
        Assert.Equal(3L, _store.Query("SELECT count(*) FROM connections"));
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("moved")]
    [InlineData("replaced")]
    public async Task A_file_that_is_taken_away_is_written_no_more_and_none_is_made_in_its_place(string how)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is not known.");
        await using var engine = await _store.StartAsync();
        await engine.ObserveAsync(Store.Customer("c0"), Store.Created("1000"), None);
        if (how == "deleted")
            File.Delete(_store.Path);
        else
            File.Move(_store.Path, _store.Path + ".moved");
        if (how == "replaced")
            File.Copy(_store.Path + ".moved", _store.Path);

        await Assert.ThrowsAsync<EngineUnavailableException>(() => engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None));
        await Assert.ThrowsAsync<EngineUnavailableException>(() => engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None));
        Assert.Contains("deleted, moved or replaced", await _store.Failure.Reported.WaitAsync(None), StringComparison.Ordinal);
        Assert.Equal(how == "replaced", File.Exists(_store.Path));
    }

    [Fact]
    public async Task A_log_that_a_reader_keeps_from_beginning_anew_is_told_of_until_it_does()
    {
        _store.Options.CheckpointPages = 20;
        await using var engine = await _store.StartAsync();
        await engine.ObserveAsync(Store.Customer("c"), Store.Created("1"), None);
        using (var reader = Database.OpenReader(_store.Path))
        {
            reader.Execute("BEGIN");
            _ = reader.Prepare("SELECT count(*) FROM connections").Scalar();
            for (var i = 0; i < 1_000 && (await engine.CheckAsync(None)).Detail is null; i++)
                await engine.ObserveAsync(Store.Customer($"c{i}"), Store.Created($"{100_000 + i}"), None);
            var health = await engine.CheckAsync(None);
            Assert.True(health.Ready);
            Assert.Contains("one long transaction", health.Detail, StringComparison.Ordinal);
        }

        await Wait.ForAsync(async () => (await engine.CheckAsync(None)).Detail is null, "a log that has begun anew");
    }

    [Theory]
    [InlineData("nfs")]
    [InlineData("nfs4")]
    [InlineData("cifs")]
    [InlineData("smb3")]
    [InlineData("9p")]
    public void Network_file_systems_are_known_by_name(string name) => Assert.True(StorePlace.IsNetwork(name));

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("overlay")]
    [InlineData("tmpfs")]
    [InlineData("apfs")]
    public void Others_are_not_taken_for_one(string name) => Assert.False(StorePlace.IsNetwork(name));
}
