namespace Kapso.Simulator.Pages;

/// <summary>The headers of the simulator's pages: they run no script and load nothing from elsewhere.</summary>
internal static class PageHeaders
{
    /// <summary>Sets them, in place of the host's.</summary>
    /// <param name="context">The request.</param>
    /// <param name="redirects">Addresses that a form of the page may lead to.</param>
    public static void Apply(HttpContext context, params IEnumerable<string?> redirects)
    {
        var origins = redirects
            .Select(url => Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? " " + parsed.GetLeftPart(UriPartial.Authority) : "")
            .Distinct();
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; form-action 'self'{string.Concat(origins)}; base-uri 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";

        // With no-referrer, a form's Origin would be null, and a form of this page could not be told from a foreign one.
        headers["Referrer-Policy"] = "same-origin";
    }
}
