using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kapso.ServiceDefaults.Logs;

/// <summary>
/// What the logs say where the settings do not say otherwise: what the service does, and nothing of how its libraries set
/// themselves up. Any <c>Logging:LogLevel</c> of the settings goes before these.
/// </summary>
internal static class LogDefaults
{
    private const string Section = "Logging:LogLevel:";

    private static readonly Dictionary<string, string?> Levels = new()
    {
        [Section + "Default"] = nameof(LogLevel.Information),
        [Section + "Microsoft"] = nameof(LogLevel.Warning),
        [Section + "Microsoft.Hosting.Lifetime"] = nameof(LogLevel.Information), // the addresses that it listens on
        [Section + "System.Net.Http"] = nameof(LogLevel.Warning),
        [Section + "Orleans"] = nameof(LogLevel.Warning),
        [Section + "Polly"] = nameof(LogLevel.Warning), // A line for each grain that Orleans places.

        // Each repeats every few seconds while Redis or the silos are away, which is told once by those who watch them.
        [Section + "Orleans.Messaging.ClientMessageCenter"] = nameof(LogLevel.Error),
        [Section + "Orleans.Messaging.GatewayManager"] = nameof(LogLevel.None),
        [Section + "Orleans.Runtime.ClientClusterManifestProvider"] = nameof(LogLevel.Error),
        [Section + "Orleans.Runtime.MembershipService.MembershipAgent"] = nameof(LogLevel.Error),
        [Section + "Orleans.Runtime.MembershipService.MembershipTableManager"] = nameof(LogLevel.Error),
        [Section + "Orleans.Runtime.Messaging"] = nameof(LogLevel.Error),
        [Section + "Orleans.Runtime.Watchdog"] = nameof(LogLevel.Error),
        [Section + "StackExchange.Redis"] = nameof(LogLevel.None),

        // That keys lie beside the connections, as safe as those: docs/security.md says it once for all starts.
        [Section + "Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager"] = nameof(LogLevel.Error),

        // A line for each call that a dead silo does not answer says nothing that the caller does not say.
        [Section + "Orleans.Runtime.CallbackData"] = nameof(LogLevel.Error),
    };

    /// <summary>Sets the levels, and has repeated warnings and errors told once a minute.</summary>
    public static void AddDefaultLogs(this IHostApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Levels });

        // Three lines, of which KapsoHost makes one: where the program lies is nobody's business.
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Logging.AddSampler(new RepeatedLines(TimeProvider.System));

        // Its lines of each request hold the full path, and with it the state.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
    }
}
