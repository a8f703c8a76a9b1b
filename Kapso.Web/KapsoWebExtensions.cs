using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kapso.Platform;
using Kapso.Platform.Settings;
using Kapso.Platform.Webhooks;
using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Customers;
using Kapso.Web.Customers.Live;
using Kapso.Web.Customers.Redirects;
using Kapso.Web.Hosting;
using Kapso.Web.Http;
using Kapso.Web.Management;
using Kapso.Web.Operators;
using Kapso.Web.Operators.Parts;
using Kapso.Web.Operators.SignIn;
using Kapso.Web.Projects;
using Kapso.Web.TurnedAway;
using Kapso.Web.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Web;

/// <summary>Puts the web layer into a host.</summary>
public static class KapsoWebExtensions
{
    /// <summary>
    /// Adds the services of the web layer. The host adds <see cref="KapsoOptions"/> and an
    /// <see cref="IConnectionEngine"/>.
    /// </summary>
    public static IHostApplicationBuilder AddKapsoWeb(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        var services = builder.Services;
        services.AddPlatformApi();
        services.AddSetupLinks();
        services.AddReceivers();
        services.TryAddSingleton(new WebLimits());
        services.AddSingleton<ProjectDirectory>();
        services.AddSingleton<PublicPath>();
        services.AddSingleton<CompanyLook>();
        services.AddSingleton<SecurityHeaders>();
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, QuietRequestLogging>();
        services.AddSingleton<RequestActivities>();
        services.AddHealthChecks().AddCheck<EngineCheck>("engine", timeout: TimeSpan.FromSeconds(2));
        AddServer(services);

        services.AddSingleton<TurnedAwayCounter>();
        services.AddHostedService<TurnedAwayWriter>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<RefusedKeys>();
        services.AddHostedService<RefusedKeyWriter>();

        services.AddSingleton<DeliveryFolder>();
        services.AddSingleton<DeliveryParking>();
        services.AddSingleton<DeliveryIntake>();
        services.AddSingleton<KeptSecrets>();
        services.AddHostedService(provider => provider.GetRequiredService<KeptSecrets>());
        services.AddSingleton<WebhookEndpoint>();
        services.AddSingleton<ParkedReplayer>();
        services.AddHostedService<Introduction>();
        services.AddSingleton<ParkedReplay>();
        services.AddHostedService(provider => provider.GetRequiredService<ParkedReplay>());

        services.AddSingleton<ReturnUrls>();
        services.AddSingleton<RedirectLimits>();
        services.AddSingleton<UnknownRedirects>();
        services.AddHostedService(provider => provider.GetRequiredService<UnknownRedirects>());
        services.AddSingleton<LinkQuestions>();
        services.AddHostedService(provider => provider.GetRequiredService<LinkQuestions>());
        services.AddSingleton<RedirectIntake>();
        services.AddSingleton<StreamSlots>();
        services.AddRazorComponents();
        services.AddOpenApi(options => ApiDescription.Describe(options)); // Written so, the documentation of members gets into the document.

        services.AddSingleton<ManagementKeys>();
        services.AddHostedService<KeyWatch>();
        services.AddSingleton<WrongKeys>();
        services.AddOperatorCookies();
        services.AddProvider();
        services.AddSingleton<TraceLinks>();
        return builder;
    }

    /// <summary>Adds the middlewares and endpoints of the web layer.</summary>
    public static WebApplication MapKapso(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);

        var path = app.Services.GetRequiredService<PublicPath>();
        app.Use(next => context =>
        {
            path.Apply(context.Request);
            return next(context);
        });
        if (app.Services.GetRequiredService<IOptions<KapsoOptions>>().Value.TrustedProxies.Count > 0)
            app.UseForwardedHeaders();
        app.UseMiddleware<ForwardedCheck>();
        var headers = app.Services.GetRequiredService<SecurityHeaders>();
        app.Use(next => context =>
        {
            headers.Apply(context);
            return next(context);
        });
        _ = app.Services.GetRequiredService<RequestActivities>();
        app.UseExceptionHandler();

        // What is for pages and the management API comes after routing: webhooks are answered there already.
        // The framework would put the sign-in before it, were it left out here.
        app.UseRouting();
        app.Use(next => context =>
        {
            RouteIds.Read(context);
            return next(context);
        });
        app.UseStatusCodePages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<ManagementGuard>();

        app.MapWebhooks();
        app.MapRedirects();
        app.MapPageAssets();
        app.MapManagement();
        app.MapOperators();
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }

    private static void AddServer(IServiceCollection services)
    {
        services.Configure<KestrelServerOptions>(server => server.AddServerHeader = false);
        services.AddOptions<KestrelServerOptions>().Configure<WebLimits>((server, limits) =>
            server.Limits.MaxRequestBodySize = limits.MaxWebhookBody);
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<KapsoOptions>>(TrustProxies);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        });
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = problem =>
            problem.HttpContext.RequestServices.GetRequiredService<SecurityHeaders>().Apply(problem.HttpContext));
        services.AddExceptionHandler<EngineUnavailableHandler>();
    }

    private static void TrustProxies(ForwardedHeadersOptions forwarded, IOptions<KapsoOptions> options)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.Value.TrustedProxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
                forwarded.KnownProxies.Add(address);
            else
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
        }
    }
}
