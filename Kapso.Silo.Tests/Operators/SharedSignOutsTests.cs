using Kapso.Api.Operators;
using Kapso.Web.Operators.SignIn;

namespace Kapso.Silo.Tests.Operators;

/// <summary>Sign-outs in the cluster's Redis.</summary>
public sealed class SharedSignOutsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_sign_out_is_known_to_every_process_until_the_sign_in_would_have_ended_and_to_nobody_for_longer()
    {
        await using var server = await RedisServer.StartAsync();
        await using var here = await server.ConnectAsync();
        await using var there = await server.ConnectAsync();
        var (first, second) = (new SharedSignOuts(here, "kapso", TimeProvider.System), new SharedSignOuts(there, "kapso", TimeProvider.System));
        var session = new OperatorSession("operator-1", "0123", DateTimeOffset.UtcNow.AddHours(12), "token");

        await first.EndAsync(session, None);

        Assert.True(await second.HasEndedAsync(session, None));
        Assert.False(await second.HasEndedAsync(session with { Nonce = "4567" }, None));
        var left = await here.GetDatabase().KeyTimeToLiveAsync("kapso/signed-out/0123");
        Assert.InRange(left!.Value, TimeSpan.FromHours(11.9), TimeSpan.FromHours(12.1));
    }

    [Fact]
    public async Task It_outlives_redis()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        var signOuts = new SharedSignOuts(redis, "kapso", TimeProvider.System);
        var session = new OperatorSession("operator-1", "0123", DateTimeOffset.UtcNow.AddHours(12), "token");
        await signOuts.EndAsync(session, None);

        await server.KillAsync();
        await Assert.ThrowsAsync<EngineUnavailableException>(() => signOuts.HasEndedAsync(session, None));
        await server.RestartAsync();

        await using var again = await server.ConnectAsync();
        Assert.True(await new SharedSignOuts(again, "kapso", TimeProvider.System).HasEndedAsync(session, None));
    }
}
