using System.Xml.Linq;
using Kapso.Api.Hosting;
using Kapso.Api.Operators;
using Kapso.Platform.Settings;
using Kapso.Web.Operators.SignIn;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace Kapso.Silo.Tests.Operators;

/// <summary>Sign-outs in the cluster's Redis, and the keys that seal cookies.</summary>
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
        var session = new OperatorSession("operator-1", "0123", DateTimeOffset.UtcNow.AddHours(12), ManagementRole.Operate, Key: null);

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
        var session = new OperatorSession("operator-1", "0123", DateTimeOffset.UtcNow.AddHours(12), ManagementRole.Operate, Key: null);
        await signOuts.EndAsync(session, None);

        await server.KillAsync();
        await Assert.ThrowsAsync<EngineUnavailableException>(() => signOuts.HasEndedAsync(session, None));
        await server.RestartAsync();

        await using var again = await server.ConnectAsync();
        Assert.True(await new SharedSignOuts(again, "kapso", TimeProvider.System).HasEndedAsync(session, None));
    }

    [Fact]
    public async Task What_one_process_seals_the_others_can_read_also_when_they_start_later()
    {
        await using var server = await RedisServer.StartAsync();
        string sealedByFirst;
        await using (var first = BuildApi(server))
            sealedByFirst = first.Services.GetDataProtector("cookies").Protect("operator-1");
        await server.KillAsync();
        await server.RestartAsync();
        await using var second = BuildApi(server);
        Assert.Equal("operator-1", second.Services.GetDataProtector("cookies").Unprotect(sealedByFirst));
    }

    [Fact]
    public async Task Processes_that_start_at_once_on_an_empty_redis_keep_one_key()
    {
        await using var server = await RedisServer.StartAsync();
        await using var first = BuildApi(server);
        await using var second = BuildApi(server);
        var (one, other) = (KeysOf(first), KeysOf(second));
        Assert.Empty(one.GetAllElements());
        Assert.Empty(other.GetAllElements());

        one.StoreElement(new XElement("key", "of the first"), "key-1");
        other.StoreElement(new XElement("key", "of the second"), "key-2");
        Assert.Equal("of the first", Assert.Single(other.GetAllElements()).Value);

        other.StoreElement(new XElement("key", "of a later day"), "key-3");
        Assert.Equal(["of the first", "of a later day"], one.GetAllElements().Select(key => key.Value));
    }

    private static IXmlRepository KeysOf(WebApplication api) =>
        api.Services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository!;

    private static WebApplication BuildApi(RedisServer server)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["ConnectionStrings:redis"] = server.ConnectionString;
        builder.AddClusterRedis();
        builder.AddSharedKeys();
        return builder.Build();
    }
}
