using Kapso.Engines.Orleans.Redis;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>Holds hosted services back until the store can be used.</summary>
public static class AfterStoreExtensions
{
    /// <summary>
    /// Has the hosted services that are registered meanwhile start once the process's store can be used, one after the other, while the
    /// rest of the host starts: it says that it lives, and why it is not ready.
    /// </summary>
    /// <param name="services">The host's services, with a <see cref="StoreWatch"/> among them by the time that it starts.</param>
    /// <param name="register">Registers them.</param>
    public static void StartAfterStore(this IServiceCollection services, Action register)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(register);
        var known = services.ToHashSet();
        register();
        services.StartAfterStore(service => !known.Contains(service));
    }

    /// <summary>The same, of hosted services that are registered already.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="which">Which of its hosted services.</param>
    public static void StartAfterStore(this IServiceCollection services, Func<ServiceDescriptor, bool> which)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(which);
        var held = services.Where(service => service.ServiceType == typeof(IHostedService) && !service.IsKeyedService && which(service)).ToList();
        held.ForEach(service => services.Remove(service));
        services.AddSingleton<IHostedService>(provider => new AfterStore(provider, provider.GetRequiredService<StoreWatch>(), held));
    }
}

/// <summary>Starts services that were held back, and stops those of them that were started.</summary>
internal sealed class AfterStore(IServiceProvider provider, StoreWatch store, IReadOnlyList<ServiceDescriptor> held) : IHostedService, IAsyncDisposable
{
    private readonly List<IHostedService> _made = [];
    private readonly Stack<IHostedService> _started = [];

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        store.Start();
        await store.Opened.WaitAsync(cancellationToken);
        foreach (var service in held.Select(Make))
        {
            await service.StartAsync(cancellationToken);
            _started.Push(service);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        while (_started.TryPop(out var service))
            await service.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _made)
        {
            if (service is IAsyncDisposable later)
                await later.DisposeAsync();
            else
                (service as IDisposable)?.Dispose();
        }
    }

    private IHostedService Make(ServiceDescriptor descriptor)
    {
        if (descriptor.ImplementationInstance is IHostedService there)
            return there;
        if (descriptor.ImplementationFactory is { } factory)
            return (IHostedService)factory(provider);
        var made = (IHostedService)ActivatorUtilities.CreateInstance(provider, descriptor.ImplementationType!);
        _made.Add(made);
        return made;
    }
}
