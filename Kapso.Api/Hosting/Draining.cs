using Kapso.Platform.Settings;
using Kapso.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Kapso.Api.Hosting;

/// <summary>
/// When this process stops, it first says so: <c>/health</c> answers 503 while all else is still served, so that what
/// distributes requests sends them to others before nobody listens here.
/// </summary>
internal sealed class Draining(IOptions<KapsoOptions> settings, IHostEnvironment environment, TimeProvider time)
    : IHostedLifecycleService
{
    /// <summary>How long, where <c>Kapso:DrainTime</c> is not set.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(5);

    /// <summary>How long a process drains; not at all in Development, where nothing distributes requests.</summary>
    public static TimeSpan WaitOf(KapsoOptions settings, IHostEnvironment environment) =>
        settings.DrainTime ?? (environment.IsDevelopment() ? TimeSpan.Zero : Usual);

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        Task.Delay(WaitOf(settings.Value, environment), time, cancellationToken);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Adds <see cref="Draining"/>.</summary>
internal static class DrainingExtensions
{
    /// <summary>Has the process drain before it stops. The grace time begins after that.</summary>
    public static IHostApplicationBuilder AddDraining(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHostedService<Draining>();
        builder.Services.AddOptions<HostOptions>().PostConfigure<IOptions<KapsoOptions>>((host, settings) =>
            host.ShutdownTimeout = ProcessDefaults.GraceTimeIn(builder.Environment) + Draining.WaitOf(settings.Value, builder.Environment));
        return builder;
    }
}
