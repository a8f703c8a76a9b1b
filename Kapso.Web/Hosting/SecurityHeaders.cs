using Kapso.Web.Customers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;

namespace Kapso.Web.Hosting;

/// <summary>The headers that every answer carries. An endpoint may replace <c>Cache-Control</c> by its own.</summary>
internal sealed class SecurityHeaders(IHostEnvironment environment, CompanyLook look)
{
    private readonly StringValues _contentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'" + (look.LogoOrigin is { } origin ? " " + origin : "") + "; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    private static readonly StringValues NoReferrer = "no-referrer";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues OneYear = "max-age=31536000";

    private readonly bool _secure = !environment.IsDevelopment();

    /// <summary>Sets them on an answer that has not started.</summary>
    public void Apply(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = _contentSecurityPolicy;
        headers.CacheControl = NoStore;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = NoReferrer;
        if (_secure && context.Request.IsHttps)
            headers.StrictTransportSecurity = OneYear;
    }
}
