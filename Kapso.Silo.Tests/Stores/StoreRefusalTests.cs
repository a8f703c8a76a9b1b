namespace Kapso.Silo.Tests.Stores;

/// <summary>Processes started on a Redis that no waiting makes fit: each says so in one sentence, and exits with 1.</summary>
public sealed class StoreRefusalTests
{
    private const string Secret = "not-to-be-shown";

    [Theory]
    [InlineData(Hosts.Silo)]
    [InlineData(Hosts.Api)]
    public async Task One_with_cluster_mode_is_refused(string host) =>
        await AssertRefusedAsync(host, "", "cluster-enabled yes", "--appendonly", "yes", "--appendfsync", "always", "--cluster-enabled", "yes");

    [Theory]
    [InlineData(Hosts.Silo)]
    [InlineData(Hosts.Api)]
    public async Task A_missing_password_is_asked_for(string host) =>
        await AssertRefusedAsync(host, "", "asks for a password (NOAUTH)", "--requirepass", Secret);

    [Theory]
    [InlineData(Hosts.Silo)]
    [InlineData(Hosts.Api)]
    public async Task A_wrong_password_is_told_and_not_shown(string host) =>
        await AssertRefusedAsync(host, $",password={Secret}-2", "refuses the password (WRONGPASS)", "--requirepass", Secret);

    [Theory]
    [InlineData(Hosts.Silo, $",password={Secret},2")]
    [InlineData(Hosts.Api, $",password={Secret},a=b")]
    public async Task A_comma_in_a_password_is_explained(string host, string password) =>
        await AssertRefusedAsync(host, password, "Aspire:StackExchange:Redis:ConfigurationOptions:Password", "--requirepass", Secret + ",2");

    [Theory]
    [InlineData(Hosts.Silo)]
    [InlineData(Hosts.Api)]
    public async Task A_user_that_may_not_run_scripts_is_told(string host) => await AssertRefusedAsync(
        host, $",user=kapso,password={Secret}", "forbids this user what the service needs", "--user", "kapso", "on", "~*", "&*", "+@all", "-eval", "-evalsha", ">" + Secret);

    [Theory]
    [InlineData(Hosts.Silo)]
    [InlineData(Hosts.Api)]
    public async Task A_user_that_may_not_listen_to_channels_is_told(string host) => await AssertRefusedAsync(
        host, $",user=kapso,password={Secret}", "forbids this user what the service needs", "--user", "kapso", "on", "~*", "resetchannels", "+@all", ">" + Secret);

    [Fact]
    public async Task A_password_with_a_comma_is_a_setting_of_its_own()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always", "--requirepass", Secret + ",2");
        foreach (var host in (string[])[Hosts.Silo, Hosts.Api])
        {
            var settings = Hosts.SettingsOn(redis);
            settings["Aspire:StackExchange:Redis:ConfigurationOptions:Password"] = Secret + ",2";
            await using var process = await ServiceProcess.StartAsync(host, settings, patience.Token);
        }
    }

    private static async Task AssertRefusedAsync(string host, string more, string expected, params string[] redisSettings)
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync(redisSettings);
        await using var process = ServiceProcess.Launch(host, Hosts.SettingsOn($"127.0.0.1:{redis.Port}{more}"));

        Assert.Equal(1, await process.EndedAsync(patience.Token));
        Assert.Contains(expected, process.Output, StringComparison.Ordinal);
        Assert.Contains("Kapso does not start: ", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, process.Output, StringComparison.Ordinal);
    }
}
