using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kapso.Web.Operators.SignIn;

/// <summary>
/// The cookies of a sign-in and of its forms: for scripts unreadable, sent to this site by its own pages only, and over https
/// only. A development run may be opened over plain http on this machine; its cookies then cannot ask for more.
/// </summary>
internal static class OperatorCookies
{
    /// <summary>The scheme that people are signed in by, whichever cookie they have.</summary>
    public const string Scheme = "kapso operator";

    private const string Secure = "__Host-kapso-operator";
    private const string Plain = "kapso-operator";

    /// <summary>Adds them. The host adds <see cref="ISignOuts"/>, and says where the keys lie that seal cookies.</summary>
    public static void AddOperatorCookies(this IServiceCollection services)
    {
        services.AddAuthorization();
        services.AddSingleton<SessionClaims>();
        services.AddSingleton<SessionFormat>();
        var schemes = services.AddAuthentication()
            .AddPolicyScheme(Scheme, null, scheme => scheme.ForwardDefaultSelector = context => IsPlain(context) ? Plain : Secure);
        foreach (var name in (string[])[Secure, Plain])
        {
            schemes.AddCookie(name);
            services.AddOptions<CookieAuthenticationOptions>(name).Configure<SessionFormat>((options, format) =>
            {
                options.Cookie = new OwnCookie(name);
                options.ExpireTimeSpan = OperatorSession.Life;
                options.SlidingExpiration = false;
                options.Events = new SignInEvents();
                options.TicketDataFormat = format;
            });
        }

        services.AddAntiforgery(forms =>
        {
            forms.Cookie = new OwnCookie("kapso-operator-form");
            forms.FormFieldName = "token";
            forms.HeaderName = null;
            forms.SuppressXFrameOptionsHeader = true; // The pages' policy says more.
        });
    }

    /// <summary>Opens endpoints to people who are signed in only, before anything that they ask for is looked for.</summary>
    public static TBuilder RequireSignIn<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.AddAuthenticationSchemes(Scheme).RequireAuthenticatedUser());

    /// <summary>Signs somebody in.</summary>
    /// <param name="context">The request.</param>
    /// <param name="person">What <see cref="SessionClaims"/> says of them.</param>
    /// <param name="endsAt">When the sign-in ends at the latest; null where nothing but <see cref="OperatorSession.Life"/> ends it.</param>
    public static Task GiveAsync(HttpContext context, ClaimsPrincipal person, DateTimeOffset? endsAt = null)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return context.SignInAsync(Scheme, person, new AuthenticationProperties { ExpiresUtc = endsAt < now + OperatorSession.Life ? endsAt : null });
    }

    /// <summary>Whether the keys can be read that seal cookies. Without them the framework takes any cookie for none of ours.</summary>
    public static bool HasKeys(HttpContext context)
    {
        try
        {
            return context.RequestServices.GetDataProtector(Scheme).Protect([]).Length > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Whether a browser keeps the cookies of this page.</summary>
    public static bool IsKept(HttpContext context) => context.Request.IsHttps || IsPlain(context);

    private static bool IsPlain(HttpContext context) => !context.Request.IsHttps
        && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment();

    private sealed class OwnCookie : CookieBuilder
    {
        public OwnCookie(string name) => (Name, Path, HttpOnly, SameSite) = (name, "/", true, SameSiteMode.Strict);

        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure = !IsPlain(context);
            return options;
        }
    }
}
