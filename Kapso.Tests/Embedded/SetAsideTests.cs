using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Embedded;

/// <summary>A stored connection that cannot be dealt with stops no other.</summary>
public sealed class SetAsideTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Store _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("\"k\":1,", "\"k\":99,")] // An effect of a kind that only a newer version knows.
    [InlineData("\"ob\":[", "\"ob\":[[")]
    public async Task An_effect_that_cannot_be_claimed_is_set_aside_and_the_others_are_sent(string known, string strange)
    {
        await using (var first = await _store.StartAsync())
        {
            foreach (var customer in (string[])["c1", "c2", "c3"])
                await first.ObserveAsync(Store.Customer(customer), Store.Created($"100{customer}"), None);
        }

        var record = Encoding.UTF8.GetString((byte[])_store.Query("SELECT record FROM connections WHERE customer = 'c1'")!);
        var broken = Convert.ToHexString(Encoding.UTF8.GetBytes(record.Replace(known, strange, StringComparison.Ordinal)));
        _store.Query($"UPDATE connections SET record = x'{broken}' WHERE customer = 'c1'");
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddSeconds(1));
        var welcomes = new Recorder(EffectKind.Welcome);
        await using var engine = await _store.StartAsync(time, welcomes);

        await Wait.ForAsync(() => welcomes.Sent.Count >= 2, "the welcomes of the other two");
        await engine.ObserveAsync(Store.Customer("c4"), Store.Created("100c4"), None);
        await Wait.ForAsync(() => welcomes.Sent.Count >= 3, "the welcome of one that comes later");

        Assert.Equal(["c2", "c3", "c4"], welcomes.Sent.Select(sent => sent.Key.CustomerId).Order());
        Assert.InRange((long)_store.Query("SELECT wake_welcome FROM connections WHERE customer = 'c1'")!, time.GetUtcNow().AddSeconds(1).ToUnixTimeMilliseconds(), long.MaxValue);
    }

    [Fact]
    public async Task A_connection_that_a_newer_version_wrote_is_refused_in_words_and_the_others_are_served()
    {
        await using (var first = await _store.StartAsync())
        {
            foreach (var customer in (string[])["c1", "c2"])
                await first.ObserveAsync(Store.Customer(customer), Store.Created($"100{customer}"), None);
        }

        var record = Encoding.UTF8.GetString((byte[])_store.Query("SELECT record FROM connections WHERE customer = 'c1'")!);
        var newer = Convert.ToHexString(Encoding.UTF8.GetBytes(record.Replace("\"v\":1,", "\"v\":99,", StringComparison.Ordinal)));
        _store.Query($"UPDATE connections SET record = x'{newer}' WHERE customer = 'c1'");
        await using var engine = await _store.StartAsync();

        foreach (var call in (Func<Task>[])[
            () => engine.ObserveAsync(Store.Customer("c1"), Store.Created("200c1"), None),
            () => engine.FindAsync(Store.Customer("c1"), None)])
        {
            var refused = await Assert.ThrowsAsync<EngineUnavailableException>(call);
            Assert.Contains($"has version 99; this version of Kapso reads up to {Connection.CurrentVersion}. Start the newer version again.", refused.Message, StringComparison.Ordinal);
        }

        await engine.ObserveAsync(Store.Customer("c2"), Store.Created("200c2"), None);
        Assert.Equal(2, (await engine.FindAsync(Store.Customer("c2"), None))!.Numbers.Length);
        Assert.True((await engine.CheckAsync(None)).Ready);
        Assert.Equal(newer, Convert.ToHexString((byte[])_store.Query("SELECT record FROM connections WHERE customer = 'c1'")!));
    }
}
