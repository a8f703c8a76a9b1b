using System.Net;
using System.Security.Claims;
using Kapso.Testing.Processes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Extensions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Kapso.Testing.SignIn;

/// <summary>A provider of OpenID Connect on a free loopback port: it shows a link for each role, and one to go back without any.</summary>
internal sealed class LoginProvider : IAsyncDisposable
{
    public const string ClientId = "kapso";
    public const string ClientSecret = "synthetic-client-secret";
    public const string Heading = "Who are you?";

    /// <summary>A value of the claim that makes no role.</summary>
    public const string NoRole = "visitors";

    private readonly WebApplication _app;

    private LoginProvider(WebApplication app) => (_app, Address) = (app, new Uri(app.AddressOfServer()));

    public Uri Address { get; }

    /// <summary>The settings with which a service sends people here; the claim's values are the names of the roles.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Kapso:Management:OpenIdConnect:Authority", Address.AbsoluteUri),
        new("Kapso:Management:OpenIdConnect:ClientId", ClientId),
        new("Kapso:Management:OpenIdConnect:ClientSecret", ClientSecret),
        new("Kapso:Management:OpenIdConnect:Roles:Read:0", "read"),
        new("Kapso:Management:OpenIdConnect:Roles:Operate:0", "operate"),
        new("Kapso:Management:OpenIdConnect:Roles:Administer:0", "administer"),
    ];

    /// <param name="callback">What the path of every address ends with that it sends people back to.</param>
    public static async Task<LoginProvider> StartAsync(string callback = "/ops/sign-in/callback")
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token")
                .AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange().RegisterScopes(Scopes.Profile)
                .AddEphemeralEncryptionKey().AddEphemeralSigningKey().EnableDegradedMode();
            server.UseAspNetCore().DisableTransportSecurityRequirement().EnableAuthorizationEndpointPassthrough();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId)
                    context.Reject(Errors.InvalidClient);
                else if (!Uri.TryCreate(context.RedirectUri, UriKind.Absolute, out var back) || !back.AbsolutePath.EndsWith(callback, StringComparison.Ordinal))
                    context.Reject(Errors.InvalidRequest);
                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != ClientSecret)
                    context.Reject(Errors.InvalidClient);
                return default;
            }));
        });
        var app = builder.Build();
        app.UseAuthentication();
        app.MapGet("/authorize", Authorize);
        await app.StartAsync();
        return new LoginProvider(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static IResult Authorize(HttpContext context)
    {
        var scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;
        return context.Request.Query["as"].ToString() switch
        {
            "" => Results.Content(
                $"<!DOCTYPE html><link rel=\"icon\" href=\"data:,\"><title>{Heading}</title><h1>{Heading}</h1>"
                + string.Concat(((string[])["read", "operate", "administer", NoRole, "nobody"]).Select(role => LinkTo(context, role))),
                "text/html"),
            "nobody" => Results.Forbid(
                new AuthenticationProperties(new Dictionary<string, string?> { [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.AccessDenied }),
                [scheme]),
            var role => Results.SignIn(PersonWith(role), authenticationScheme: scheme),
        };
    }

    private static string LinkTo(HttpContext context, string role) =>
        $"""<p><a href="{WebUtility.HtmlEncode(context.Request.GetEncodedPathAndQuery())}&amp;as={role}">{role}</a></p>""";

    private static ClaimsPrincipal PersonWith(string role)
    {
        var identity = new ClaimsIdentity("login");
        identity.AddClaims([new("sub", $"subject-{role}"), new("name", $"somebody who may {role}"), new("roles", role)]);
        var person = new ClaimsPrincipal(identity);
        OpenIddict.Abstractions.OpenIddictExtensions.SetScopes(person, Scopes.OpenId, Scopes.Profile);
        OpenIddict.Abstractions.OpenIddictExtensions.SetDestinations(identity, static _ => [Destinations.IdentityToken]);
        return person;
    }
}
