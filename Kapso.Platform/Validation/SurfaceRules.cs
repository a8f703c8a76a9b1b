using System.Net;
using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>Rules for what browsers, operators and proxies see.</summary>
internal static class SurfaceRules
{
    /// <summary>What the service's own paths begin with. Below one of them it could not be told whether a proxy took its path away.</summary>
    private static readonly string[] OwnPaths = ["/alive", "/api", "/assets", "/health", "/openapi", "/ops", "/webhooks", "/whatsapp"];

    public static void Check(KapsoOptions options, bool development, Mistakes mistakes)
    {
        CheckPublicUrl(options.PublicUrl, development, mistakes);
        ManagementRules.Check(options.Management, development, mistakes);
        CheckTraceUrl(options.Operators.TraceUrl, mistakes);

        if (options.DrainTime is { } drain)
            mistakes.AddUnlessWithin("DrainTime", drain, TimeSpan.Zero, KapsoOptions.LongestDrainTime);

        for (var i = 0; i < options.TrustedProxies.Count; i++)
        {
            var proxy = options.TrustedProxies[i];
            if (ProxyObjection(proxy) is { } objection)
                mistakes.Add($"TrustedProxies:{i}", objection);
        }

        for (var i = 0; i < options.Pages.AllowedHosts.Count; i++)
        {
            if (HostObjection(options.Pages.AllowedHosts[i]) is { } objection)
                mistakes.Add($"Pages:AllowedHosts:{i}", $"is not a host name: {objection} Set the exact name, for example app.example.com.");
        }

        PageRules.Check(options.Pages, mistakes);
        CheckPage(options.Pages.SuccessUrl, "SuccessUrl", options.Pages, mistakes);
        CheckPage(options.Pages.FailureUrl, "FailureUrl", options.Pages, mistakes);
    }

    private static void CheckPublicUrl(Uri? url, bool development, Mistakes mistakes)
    {
        const string Setting = "PublicUrl";
        if (url is null)
        {
            if (!development)
                mistakes.Add(Setting, "is missing: set the https URL at which browsers and Kapso reach this service.");
        }
        else if (Urls.Objection(url, "https://connect.example.com") is { } objection)
            mistakes.Add(Setting, objection);
        else if (!development && url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback)
            mistakes.Add(Setting, "has to be https outside Development, unless it is this machine only: the states in redirect URLs are secrets.");
        else if (url.UserInfo.Length > 0)
            mistakes.Add(Setting, "has user info: set scheme, host, port and path only.");
        else if (url.Query.Length > 0)
            mistakes.Add(Setting, "has a query: set scheme, host, port and path only.");
        else if (url.Fragment.Length > 0)
            mistakes.Add(Setting, "has a fragment: set scheme, host, port and path only.");
        else if (OwnPaths.FirstOrDefault(path => url.AbsolutePath.StartsWith(path + "/", StringComparison.OrdinalIgnoreCase)
            || url.AbsolutePath.Equals(path, StringComparison.OrdinalIgnoreCase)) is { } own)
            mistakes.Add(Setting, $"has a path that begins with {own}, as pages of the service do: mount it at another one.");
    }

    private static void CheckTraceUrl(string? url, Mistakes mistakes)
    {
        const string Setting = "Operators:TraceUrl";
        if (string.IsNullOrEmpty(url))
            return;
        if (!Uri.TryCreate(url.Replace(OperatorOptions.TraceId, "0", StringComparison.Ordinal), UriKind.RelativeOrAbsolute, out var page))
            mistakes.Add(Setting, "is no URL.");
        else if (Urls.Objection(page, $"https://traces.example.com/trace/{OperatorOptions.TraceId}") is { } objection)
            mistakes.Add(Setting, objection);
        else if (page.UserInfo.Length > 0)
            mistakes.Add(Setting, "has user info: browsers are not sent to such URLs.");
        else if (!url.Contains(OperatorOptions.TraceId, StringComparison.Ordinal))
            mistakes.Add(Setting, $"has no {OperatorOptions.TraceId}: the trace's id is put in its place.");
    }

    private static void CheckPage(Uri? url, string setting, PagesOptions pages, Mistakes mistakes)
    {
        if (url is null)
            return;
        if (Urls.Objection(url, "https://app.example.com/connected") is { } objection)
            mistakes.Add($"Pages:{setting}", objection);
        else if (url.Scheme != Uri.UriSchemeHttps)
            mistakes.Add($"Pages:{setting}", "has to be https: customers are sent there.");
        else if (url.UserInfo.Length > 0)
            mistakes.Add($"Pages:{setting}", "has user info: browsers are not sent to such URLs.");
        else if (!pages.AllowedHosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase)
            && !pages.AllowedHosts.Contains(url.Host, StringComparer.OrdinalIgnoreCase))
            mistakes.Add($"Pages:{setting}", "has a host that is not allowed: add its exact host name to Kapso:Pages:AllowedHosts.");
    }

    private static string? ProxyObjection(string proxy)
    {
        if (IPAddress.TryParse(proxy, out _) || IPNetwork.TryParse(proxy, out _))
            return null;
        var slash = proxy.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? "is not an address, such as 10.0.0.5: names are not looked up."
            : !IPAddress.TryParse(proxy.AsSpan(0, slash), out _) ? "is not a network, such as 10.0.0.0/8: what stands before the / is no address."
            : "is not a network, such as 10.0.0.0/8: what stands after the / is no length of a prefix.";
    }

    private static string? HostObjection(string? host) => host switch
    {
        null or "" => "it is empty.",
        _ when host.Contains("://", StringComparison.Ordinal) => "it has a scheme.",
        _ when host.Contains('*', StringComparison.Ordinal) => "it has a wildcard.",
        _ when host.Contains('/', StringComparison.Ordinal) => "it has a path.",
        _ when Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 => null,
        _ when host.Contains(':', StringComparison.Ordinal) => "it has a port.",
        _ => "it has a character that no name has.",
    };
}
