using System.Globalization;
using System.Net;

namespace Kapso.Silo.Tests.Stores;

/// <summary>Silos and API processes on a store that is not as it should be.</summary>
internal static class Hosts
{
    public const string Silo = "Kapso.Silo.dll";
    public const string Api = "Kapso.Api.dll";

    /// <summary>No test waits as long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly Uri Nobody = new("http://127.0.0.1:9");

    /// <summary>Settings of a silo with ports of its own, or of an API.</summary>
    public static Dictionary<string, string> SettingsOn(string redis)
    {
        var settings = CrashProject.Settings(Nobody, parallelism: 8);
        settings["Logging:LogLevel:Default"] = "Information";
        settings["ConnectionStrings:redis"] = redis;
        settings["Orleans:Endpoints:AdvertisedIPAddress"] = "127.0.0.1";
        settings["Orleans:Endpoints:SiloPort"] = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);
        settings["Orleans:Endpoints:GatewayPort"] = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);
        return settings;
    }

    public static Dictionary<string, string> SettingsOn(RedisServer redis) => SettingsOn($"127.0.0.1:{redis.Port}");

    /// <summary>Waits until its health is as it is expected to be.</summary>
    public static Task UntilHealthAsync(this ServiceProcess process, HttpStatusCode status, string part, CancellationToken cancellationToken) => Wait.ForAsync(
        async () => await process.AskAsync("/health", cancellationToken) is { } health
            && health.Status == status && health.Body.Contains(part, StringComparison.Ordinal),
        $"health {status} that says '{part}'");
}
