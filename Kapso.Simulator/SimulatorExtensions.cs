using System.Security.Cryptography;
using Kapso.Simulator.Api;
using Kapso.Simulator.Clock;
using Kapso.Simulator.Control;
using Kapso.Simulator.Deliveries;
using Kapso.Simulator.Faults;
using Kapso.Simulator.Hosting;
using Kapso.Simulator.Pages;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Kapso.Simulator;

/// <summary>Puts a simulated Kapso platform into a host: for development and tests, on this machine only.</summary>
public static class SimulatorExtensions
{
    /// <summary>Adds its services.</summary>
    public static IServiceCollection AddKapsoSimulator(this IServiceCollection services, Action<SimulatorOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.AddOptions<SimulatorOptions>()
            .Configure(options => configure?.Invoke(options))
            .PostConfigure(MakeUpWhatIsMissing);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<SimulatorOptions>>().Value);
        services.AddSingleton(provider => new SimulatedClock(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<SimulatorOptions>().TimeFactor));
        services.AddSingleton<DeliveryLog>();
        services.AddSingleton(Begin);
        services.AddHostedService<WorldKeeper>();
        services.AddSingleton<WebhookSender>();
        services.AddHttpContextAccessor();
        services.AddSingleton<Mounting>();
        services.AddHostedService<DeliveryPump>();
        services.AddRazorComponents();
        return services;
    }

    /// <summary>
    /// Maps its API (<c>/platform/v1</c>, <c>/meta/whatsapp/v24.0</c>), its pages, <c>/api</c> for scripts and
    /// <c>/truth</c>.
    /// </summary>
    /// <param name="app">The host.</param>
    /// <param name="prefix">The path to mount it at; empty for the root.</param>
    /// <exception cref="InvalidOperationException">The host does not run in Development.</exception>
    public static WebApplication MapKapsoSimulator(this WebApplication app, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(prefix);
        if (!app.Environment.IsDevelopment())
        {
            throw new InvalidOperationException(
                $"The simulated platform runs in Development only, and this is {app.Environment.EnvironmentName}: set Kapso:Platform:BaseUrl to the real one.");
        }

        prefix = prefix.Length == 0 ? "" : "/" + prefix.Trim('/');
        app.Services.GetRequiredService<Mounting>().Prefix = prefix;
        var all = app.MapGroup(prefix).AddEndpointFilter<LoopbackOnly>().ExcludeFromDescription();

        var guarded = all.MapGroup("")
            .AddEndpointFilter(new ApiKeyGuard(app.Services.GetRequiredService<SimulatorOptions>()))
            .AddEndpointFilter(new ApiFaults(app.Services.GetRequiredService<SimulatedPlatform>()));
        var platform = guarded.MapGroup("/platform/v1");
        platform.MapCustomers();
        platform.MapSetupLinks();
        platform.MapNumbers();
        platform.MapWebhooks();
        guarded.MapGroup("/meta/whatsapp/v24.0").MapMessages();

        all.MapGroup("/api").MapControl();
        all.MapGet("/truth", (SimulatedPlatform simulated) => Answers.Json(Truth.Of(simulated)));
        all.MapPages();
        return app;
    }

    /// <summary>Begins a world, or goes on with the one that is kept; its ids go on too.</summary>
    private static SimulatedPlatform Begin(IServiceProvider services)
    {
        var options = services.GetRequiredService<SimulatorOptions>();
        var kept = KeptWorld.Read(options.StatePath);
        return new SimulatedPlatform(
            options, services.GetRequiredService<SimulatedClock>(), new FaultDice(kept?.Seed ?? options.Seed!.Value),
            services.GetRequiredService<DeliveryLog>(), kept);
    }

    private static void MakeUpWhatIsMissing(SimulatorOptions options)
    {
        options.ApiKey = options.ApiKey is { Length: > 0 } key ? key : RandomNumberGenerator.GetHexString(32, lowercase: true);
        options.WebhookSecret = options.WebhookSecret is { Length: > 0 } secret ? secret : RandomNumberGenerator.GetHexString(32, lowercase: true);
        options.Seed ??= RandomNumberGenerator.GetInt32(1, int.MaxValue);
    }
}
