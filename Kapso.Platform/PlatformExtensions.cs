using System.Threading.RateLimiting;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Customers;
using Kapso.Platform.Effects;
using Kapso.Platform.Links;
using Kapso.Platform.Numbers;
using Kapso.Platform.Receivers;
using Kapso.Platform.Reconciling;
using Kapso.Platform.Settings;
using Kapso.Platform.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kapso.Platform;

/// <summary>Adds what acts on the world outside: settings, their validation, and the effect runners.</summary>
public static class PlatformExtensions
{
    /// <summary>
    /// Binds and validates <see cref="KapsoOptions"/> from the section <c>Kapso</c>, and registers
    /// <see cref="ProjectPolicies"/>, the platform's API and the runners of <c>confirm</c>, <c>welcome</c> and <c>notify</c>. Mistakes in the settings stop the
    /// host's start with an <see cref="OptionsValidationException"/> that names each of them.
    /// </summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="surface">
    /// Whether this process serves browsers, operators and the platform, and has an <see cref="IConnectionEngine"/>
    /// to reconcile with. One that does not needs neither the public URL nor the management key.
    /// </param>
    public static IHostApplicationBuilder AddKapsoPlatform(this IHostApplicationBuilder builder, bool surface = true)
    {
        ArgumentNullException.ThrowIfNull(builder);

        var services = builder.Services;
        services.AddOptions<KapsoOptions>()
            .Configure(options => SettingsReading.Of(builder.Configuration).Fill(options))
            .PostConfigure(SecretLineEnds.Trim)
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KapsoOptions>, KapsoOptionsValidator>(
            _ => new KapsoOptionsValidator(SettingsReading.Of(builder.Configuration), builder.Environment.IsDevelopment(), surface)));

        services.AddPlatformApi();
        services.AddReceiverSending();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IEffectRunner, ConfirmRunner>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IEffectRunner, WelcomeRunner>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IEffectRunner, NotifyRunner>());
        if (surface)
        {
            services.AddSetupLinks();
            services.TryAddSingleton<SetupTest>();
            services.TryAddSingleton<ReconciliationService>();
            services.AddHostedService(provider => provider.GetRequiredService<ReconciliationService>());
            services.AddReceivers();
            services.AddHostedService<ReceiverService>();
            services.AddHostedService<ErasureService>();
        }

        return builder;
    }

    /// <summary>Adds the platform's API for every project that has a key. The host adds <see cref="KapsoOptions"/>.</summary>
    public static IServiceCollection AddPlatformApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<BudgetOptions>().Configure<IOptions<KapsoOptions>>(
            (budget, settings) => budget.RequestsPerMinute = settings.Value.Platform.RequestsPerMinute);
        services.TryAddSingleton<IMinute>(provider => new ProcessMinute(
            provider.GetRequiredService<IOptions<BudgetOptions>>().Value.RequestsPerMinute, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<PartitionedRateLimiter<PlatformCall>, RequestBudget>();
        services.TryAddSingleton<PlatformClients>();
        services.TryAddSingleton<NumberOwners>();
        services.TryAddSingleton<NumberHealths>();
        return services;
    }

    /// <summary>Adds what makes customers, and makes and checks setup links. The host adds the engine that keeps them.</summary>
    public static IServiceCollection AddSetupLinks(this IServiceCollection services)
    {
        services.TryAddSingleton<CustomerDirectory>();
        services.TryAddSingleton<CustomerErasures>();
        services.TryAddSingleton<LinkCheck>();
        services.TryAddSingleton<SetupLinks>();
        return services;
    }

    /// <summary>Adds what people do about receivers and messages. The host adds the engine that keeps them.</summary>
    public static IServiceCollection AddReceivers(this IServiceCollection services)
    {
        services.AddReceiverSending();
        services.TryAddSingleton<ProjectReceivers>();
        services.TryAddSingleton(provider => new ReceiverMessages(
            provider.GetRequiredService<IConnectionEngine>(),
            provider.GetRequiredService<ReceiverDirectory>(),
            provider.GetRequiredService<StandardWebhookSender>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static void AddReceiverSending(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StandardWebhookSender>();
        services.TryAddSingleton<ReceiverBooks>();
        services.TryAddSingleton<ReceiverDirectory>();
    }
}
