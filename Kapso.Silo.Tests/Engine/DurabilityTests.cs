using Kapso.Engines.Orleans.Redis;
using Kapso.Silo.Tests.Clusters;

namespace Kapso.Silo.Tests.Engine;

/// <summary>What a silo says at its start, and its health, of a store that may forget.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task A_Redis_that_forgets_is_found_out()
    {
        Assert.Null(await DoubtOfAsync(RedisProgram.RedisServer()));
        AssertCertain("appendonly yes", await DoubtOfAsync(RedisProgram.RedisServer("--appendonly", "no")));
        AssertCertain("appendfsync always", await DoubtOfAsync(RedisProgram.RedisServer("--appendonly", "yes", "--appendfsync", "everysec")));
        AssertCertain("maxmemory-policy noeviction", await DoubtOfAsync(Durable("--maxmemory", "40mb", "--maxmemory-policy", "allkeys-lru")));
        var both = await DoubtOfAsync(RedisProgram.RedisServer("--appendonly", "no", "--maxmemory", "40mb", "--maxmemory-policy", "allkeys-lfu"));
        AssertCertain("appendonly yes", both);
        AssertCertain("noeviction", both);
    }

    [Fact]
    public async Task What_evicts_nothing_of_ours_that_counts_is_no_certain_doubt()
    {
        Assert.Null(await DoubtOfAsync(Durable("--maxmemory", "0", "--maxmemory-policy", "allkeys-lru")));
        Assert.Null(await DoubtOfAsync(Durable("--maxmemory", "40mb", "--maxmemory-policy", "noeviction")));
        AssertUncertain("sign-outs", await DoubtOfAsync(Durable("--maxmemory", "40mb", "--maxmemory-policy", "volatile-lru")));
    }

    [Fact]
    public async Task A_Redis_that_hides_its_configuration_leaves_it_to_a_person()
    {
        AssertUncertain("look by hand", await DoubtOfAsync(Durable("--rename-command", "CONFIG", "")));
        AssertUncertain("CONFIG GET is refused", await DoubtOfAsync(Durable("--user", "default", "on", "nopass", "~*", "&*", "+@all", "-config")));
    }

    [Fact]
    public async Task Of_Garnet_it_is_known_whether_it_waits_for_its_file_and_said_that_it_does_not_tell_of_its_device()
    {
        var own = await DoubtOfAsync(await Garnet.GetAsync());
        Assert.False(own!.IsCertain);
        Assert.Contains("does not tell", own.Sentence, StringComparison.Ordinal);

        AssertCertain("without an append-only file", await DoubtOfAsync(await Garnet.GetAsync("--device-type", "FileStream")));
        AssertCertain("before its append-only file is written", await DoubtOfAsync(await Garnet.GetAsync("--aof", "--device-type", "FileStream")));
    }

    private static async Task<DurabilityDoubt?> DoubtOfAsync(RedisProgram program)
    {
        await using var server = await RedisServer.StartAsync(program);
        await using var redis = await server.ConnectAsync();
        return await RedisDurability.FindDoubtAsync(redis);
    }

    private static RedisProgram Durable(params string[] more) => RedisProgram.RedisServer(["--appendonly", "yes", "--appendfsync", "always", .. more]);

    private static void AssertUncertain(string part, DurabilityDoubt? doubt)
    {
        Assert.False(doubt!.IsCertain);
        Assert.Contains(part, doubt.Sentence, StringComparison.Ordinal);
    }

    private static void AssertCertain(string part, DurabilityDoubt? doubt)
    {
        Assert.NotNull(doubt);
        Assert.True(doubt.IsCertain);
        Assert.Contains(part, doubt.Sentence, StringComparison.Ordinal);
    }
}
