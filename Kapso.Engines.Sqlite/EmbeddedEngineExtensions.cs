using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kapso.Engines.Sqlite;

/// <summary>Registers the embedded engine.</summary>
public static class EmbeddedEngineExtensions
{
    /// <summary>
    /// Adds the embedded engine as the host's <see cref="IConnectionEngine"/>, started and stopped with the host. It uses every
    /// registered effect runner, and the host's <see cref="Store.EmbeddedEngineOptions"/>.
    /// </summary>
    public static IServiceCollection AddEmbeddedEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ProcessFailure>();
        services.TryAddSingleton<EmbeddedEngine>();
        services.AddSingleton<IConnectionEngine>(provider => provider.GetRequiredService<EmbeddedEngine>());
        services.AddHostedService(provider => provider.GetRequiredService<EmbeddedEngine>());
        return services;
    }
}
