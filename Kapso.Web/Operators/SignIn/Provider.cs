using Kapso.Platform.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Kapso.Web.Operators.SignIn;

/// <summary>The provider of OpenID Connect at which people sign in, where one is set.</summary>
internal static class Provider
{
    /// <summary>The scheme that asks it.</summary>
    public const string Scheme = "kapso provider";

    /// <summary>Where it sends people back to; registered there, below the public URL.</summary>
    public const string Callback = SignInEndpoints.Path + "/callback";

    /// <summary>What of the round trip holds the page that somebody asked for.</summary>
    public const string Target = "target";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Adds it. Whether it is set is known once the settings are read.</summary>
    public static void AddProvider(this IServiceCollection services)
    {
        services.AddOptions<AuthenticationOptions>().Configure<IOptions<KapsoOptions>>((schemes, settings) =>
        {
            if (settings.Value.Management.OpenIdConnect.Authority is not null)
                schemes.AddScheme<OpenIdConnectHandler>(Scheme, null);
        });
        services.AddTransient<OpenIdConnectHandler>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<OpenIdConnectOptions>, OpenIdConnectPostConfigureOptions>());
        services.AddOptions<OpenIdConnectOptions>(Scheme).Configure<IOptions<KapsoOptions>>((options, settings) =>
            Configure(options, settings.Value.Management.OpenIdConnect));
    }

    private static void Configure(OpenIdConnectOptions options, OpenIdConnectSettings settings)
    {
        options.Authority = settings.Authority!.ToString();
        options.RequireHttpsMetadata = settings.Authority.Scheme == Uri.UriSchemeHttps;
        (options.ClientId, options.ClientSecret) = (settings.ClientId, settings.ClientSecret);
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.CallbackPath = Callback;
        options.SignInScheme = OperatorCookies.Scheme;
        options.BackchannelTimeout = Patience;
        options.Events = new ProviderEvents();

        options.Scope.Clear();
        foreach (var scope in (IEnumerable<string>)["openid", .. settings.Scopes is [] ? ["profile"] : settings.Scopes])
            options.Scope.Add(scope);

        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        foreach (var claim in (string[])[settings.NameClaim, settings.RoleClaim, settings.RoleClaim.Split('.')[0], "preferred_username"])
            options.ClaimActions.MapJsonKey(claim, claim);

        // Sent along when the provider sends a browser back, which is a visit from another site.
        (options.CorrelationCookie.SameSite, options.NonceCookie.SameSite) = (SameSiteMode.Lax, SameSiteMode.Lax);
    }
}
