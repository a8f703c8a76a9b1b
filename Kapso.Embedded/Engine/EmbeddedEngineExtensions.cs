using Kapso.Connections.Engine;
using Kapso.Platform.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Kapso.Embedded.Engine;

/// <summary>Registers the embedded engine.</summary>
public static class EmbeddedEngineExtensions
{
    /// <summary>
    /// Adds the embedded engine as the host's <see cref="IConnectionEngine"/>, started and stopped with the host. It uses every
    /// registered effect runner, and takes store, outbox and parked settings from <see cref="KapsoOptions"/>.
    /// </summary>
    public static IServiceCollection AddEmbeddedEngine(this IServiceCollection services)
    {
        services.AddOptions<EmbeddedEngineOptions>().Configure<IOptions<KapsoOptions>, ProjectPolicies>((engine, settings, policies) =>
        {
            engine.Policy = policies.For;
            engine.Path = settings.Value.Store.Path;
            engine.Parallelism = settings.Value.Outbox.Parallelism;
            engine.ParkedMaxAge = settings.Value.Parked.MaxAge;
            engine.ParkedMaxCount = settings.Value.Parked.MaxCount;
        });
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ProjectPolicies>();
        services.TryAddSingleton<EmbeddedEngine>();
        services.AddSingleton<IConnectionEngine>(provider => provider.GetRequiredService<EmbeddedEngine>());
        services.AddHostedService(provider => provider.GetRequiredService<EmbeddedEngine>());
        return services;
    }
}
