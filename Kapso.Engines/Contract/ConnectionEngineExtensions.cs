using Microsoft.Extensions.DependencyInjection;

namespace Kapso.Engines.Contract;

/// <summary>Registers an engine.</summary>
public static class ConnectionEngineExtensions
{
    /// <summary>Makes a registered engine the host's <see cref="IConnectionEngine"/>, whole and in each of its parts.</summary>
    /// <typeparam name="TEngine">The engine, which is registered as itself.</typeparam>
    public static IServiceCollection AddConnectionEngine<TEngine>(this IServiceCollection services)
        where TEngine : class, IConnectionEngine
    {
        services.AddSingleton<IConnectionEngine>(provider => provider.GetRequiredService<TEngine>());
        services.AddSingleton<IConnections>(provider => provider.GetRequiredService<IConnectionEngine>());
        services.AddSingleton<IEffects>(provider => provider.GetRequiredService<IConnectionEngine>());
        services.AddSingleton<IParkedDeliveries>(provider => provider.GetRequiredService<IConnectionEngine>());
        services.AddSingleton<IActivity>(provider => provider.GetRequiredService<IConnectionEngine>());
        services.AddSingleton<IPasses>(provider => provider.GetRequiredService<IConnectionEngine>());
        return services;
    }
}
