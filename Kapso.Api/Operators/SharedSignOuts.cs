using Kapso.Engines.Orleans.Redis;
using Kapso.Web.Operators.SignIn;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Kapso.Api.Operators;

/// <summary>The operators' sign-outs in the cluster's Redis, each until its sign-in would have ended by itself.</summary>
/// <param name="redis">The cluster's Redis.</param>
/// <param name="serviceId">What the names of things in it begin with.</param>
/// <param name="time">The clock.</param>
internal sealed class SharedSignOuts(IConnectionMultiplexer redis, string serviceId, TimeProvider time) : ISignOuts
{
    /// <summary>The clocks of two machines may differ by that.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public Task EndAsync(OperatorSession session, CancellationToken cancellationToken) => AskAsync(
        database => database.StringSetAsync(KeyOf(session), "", session.EndsAt - time.GetUtcNow() + ClockSkew), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> HasEndedAsync(OperatorSession session, CancellationToken cancellationToken) =>
        AskAsync(database => database.KeyExistsAsync(KeyOf(session)), cancellationToken);

    private RedisKey KeyOf(OperatorSession session) => $"{serviceId}/signed-out/{session.Nonce}";

    private async Task<bool> AskAsync(Func<IDatabase, Task<bool>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(redis.GetDatabase()).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new EngineUnavailableException("Redis does not answer: it is not known which sign-ins have ended.", exception);
        }
    }
}

/// <summary>Adds <see cref="SharedSignOuts"/>.</summary>
internal static class SharedSignOutsExtensions
{
    /// <summary>Has signing out hold in every replica. To be called before the web layer is added.</summary>
    public static IHostApplicationBuilder AddSharedSignOuts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ISignOuts>(provider => new SharedSignOuts(
            provider.GetRequiredKeyedService<IConnectionMultiplexer>(RedisConnection.Name),
            provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId,
            provider.GetRequiredService<TimeProvider>()));
        return builder;
    }
}
