using System.Net;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>The cluster's connection to Redis, which the host makes.</summary>
public static class RedisConnection
{
    /// <summary>The name of the connection string, and the key of the <c>IConnectionMultiplexer</c> that the host registers.</summary>
    public const string Name = "redis";

    /// <summary>What is to be known of the setting where a password does not work.</summary>
    internal const string OfCommas =
        "A comma ends a value there: set a password that holds one as Aspire:StackExchange:Redis:ConfigurationOptions:Password.";

    internal const string Setting = "ConnectionStrings:" + Name;
    private const string Example = $"for example ConnectionStrings__{Name}=127.0.0.1:6379";

    /// <summary>The servers that are connected and take writes.</summary>
    internal static IEnumerable<IServer> Writable(IConnectionMultiplexer redis) =>
        redis.GetServers().Where(static server => server is { IsConnected: true, IsReplica: false });

    /// <summary>Has the start tell, beside what else is wrong with the settings, where the connection string is missing or is none.</summary>
    /// <typeparam name="TOptions">The host's settings.</typeparam>
    /// <param name="builder">The host.</param>
    public static IHostApplicationBuilder RequireRedis<TOptions>(this IHostApplicationBuilder builder)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(_ => new Check<TOptions>(builder.Configuration));
        return builder;
    }

    /// <summary>
    /// Sets how a process uses the connection: Redis need not be there when the process starts, and its answers are read on the pool's
    /// threads. Threads of its own would be woken for each answer only to hand it to the pool; nothing blocks those for long here.
    /// </summary>
    public static void Configure(ConfigurationOptions redis)
    {
        ArgumentNullException.ThrowIfNull(redis);
        redis.AbortOnConnectFail = false;
        redis.SocketManager = SocketManager.ThreadPool;
    }

    /// <summary>Where it is, without anything that is secret.</summary>
    internal static string AddressOf(IConnectionMultiplexer redis) => string.Join(", ", redis.GetEndPoints(configuredOnly: true).Select(endpoint => endpoint switch
    {
        DnsEndPoint named => $"{named.Host}:{named.Port}",
        _ => endpoint.ToString(),
    }));

    private sealed class Check<TOptions>(IConfiguration configuration) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            if (configuration.GetConnectionString(Name) is not { } setting || string.IsNullOrWhiteSpace(setting))
                return ValidateOptionsResult.Fail($"{Setting} is missing: set the address of the cluster's Redis, {Example}.");
            if (setting.Split(',').SkipWhile(part => !part.TrimStart().StartsWith("password=", StringComparison.OrdinalIgnoreCase)).Skip(1).Any(part => !part.Contains('=', StringComparison.Ordinal)))
                return ValidateOptionsResult.Fail($"{Setting} has an address after its password, or a comma in it. Addresses come first. {OfCommas}");
            try
            {
                // What is wrong is not repeated: it can hold a password.
                return ConfigurationOptions.Parse(setting).EndPoints.Count > 0
                    ? ValidateOptionsResult.Success
                    : ValidateOptionsResult.Fail($"{Setting} names no address: set that of the cluster's Redis, {Example}.");
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException)
            {
                return ValidateOptionsResult.Fail(
                    $"{Setting} cannot be read: set addresses, and options of StackExchange.Redis, with commas between them, {Example},password=…. {OfCommas}");
            }
        }
    }
}
