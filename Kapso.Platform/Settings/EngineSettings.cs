using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Settings;

/// <summary>Hands an engine what the service's settings say of it.</summary>
public static class EngineSettings
{
    /// <summary>How much of a process's grace time sends may take.</summary>
    private const double SendGrace = 0.6;

    /// <summary>Fills in an engine's options from <see cref="KapsoOptions"/>, and the policies from <see cref="ProjectPolicies"/>.</summary>
    /// <typeparam name="TOptions">The engine's options.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="more">What is the engine's own.</param>
    public static IServiceCollection AddEngineSettings<TOptions>(
        this IServiceCollection services, Action<TOptions, KapsoOptions>? more = null)
        where TOptions : EngineOptions
    {
        services.TryAddSingleton<ProjectPolicies>();
        services.TryAddSingleton<ReceiverBooks>();
        services.AddOptions<TOptions>().Configure<IOptions<KapsoOptions>, ProjectPolicies, ReceiverBooks, IOptions<HostOptions>>((engine, settings, policies, receivers, host) =>
        {
            engine.Policy = policies.For;
            engine.Receivers = receivers;
            engine.Parallelism = settings.Value.Outbox.Parallelism;
            engine.SendGrace = host.Value.ShutdownTimeout * SendGrace;
            engine.ParkedMaxAge = settings.Value.Parked.MaxAge;
            engine.ParkedMaxCount = settings.Value.Parked.MaxCount;
            engine.AuditKeep = settings.Value.Audit.Keep;
            engine.AcceptsWeakerDurability = settings.Value.Redis.AcceptWeakerDurability;
            more?.Invoke(engine, settings.Value);
        });
        return services;
    }

    /// <summary>
    /// Whether the cluster's dashboard is on: <c>Kapso:Cluster:Dashboard</c>, read alike by silos and by who serves it. What is
    /// neither true nor false is refused with the other settings.
    /// </summary>
    public static bool HasClusterDashboard(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var setting = builder.Configuration[$"{KapsoOptions.Section}:{nameof(KapsoOptions.Cluster)}:{nameof(ClusterSettings.Dashboard)}"];
        return bool.TryParse(setting, out var on) ? on : builder.Environment.IsDevelopment();
    }
}
