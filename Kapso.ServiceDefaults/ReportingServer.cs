using System.Net.Sockets;
using Kapso.Engines.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kapso.ServiceDefaults;

/// <summary>
/// A server that reports at once that it cannot listen. Hosts whose services start side by side would notice when the last of them has
/// started, which may wait for others for as long as it takes.
/// </summary>
internal sealed class ReportingServer(IServer server, ProcessFailure failure) : IServer
{
    /// <inheritdoc/>
    public IFeatureCollection Features => server.Features;

    /// <summary>Puts it around the server that the host has; a host without one is left as it is.</summary>
    public static void AddTo(IServiceCollection services)
    {
        if (services.LastOrDefault(service => service.ServiceType == typeof(IServer))?.ImplementationType is not { } server)
            return;
        services.TryAddSingleton<ProcessFailure>();
        services.AddSingleton<IServer>(provider => new ReportingServer(
            (IServer)ActivatorUtilities.CreateInstance(provider, server), provider.GetRequiredService<ProcessFailure>()));
    }

    /// <inheritdoc/>
    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        // It lists those only from then on that it listens at.
        string[] addresses = [.. Features.Get<IServerAddressesFeature>()?.Addresses ?? []];
        try
        {
            await server.StartAsync(application, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            failure.Report(exception is SocketException
                ? $"it cannot listen at {string.Join(" or ", addresses)}: {exception.Message}."
                : exception.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => server.Dispose();
}
