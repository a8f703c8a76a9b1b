using System.Net;
using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>Rules for what browsers, operators and proxies see.</summary>
internal static class SurfaceRules
{
    private const int MinManagementKey = 16;

    public static void Check(KapsoOptions options, bool development, Mistakes mistakes)
    {
        CheckPublicUrl(options.PublicUrl, development, mistakes);
        CheckManagementKey(options.Management.ApiKey, development, mistakes);
        CheckTraceUrl(options.Operators.TraceUrl, mistakes);

        if (options.DrainTime < TimeSpan.Zero || options.DrainTime > KapsoOptions.LongestDrainTime)
            mistakes.Add("DrainTime", "is out of range: set 00:00:00 to 00:01:00.");

        for (var i = 0; i < options.TrustedProxies.Count; i++)
        {
            var proxy = options.TrustedProxies[i];
            if (!IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
                mistakes.Add($"TrustedProxies:{i}", "is neither an address (10.0.0.5) nor a network (10.0.0.0/8).");
        }

        for (var i = 0; i < options.Pages.AllowedHosts.Count; i++)
        {
            if (!IsHostName(options.Pages.AllowedHosts[i]))
                mistakes.Add($"Pages:AllowedHosts:{i}", "is not a host name: set the exact name (app.example.com), with no scheme, port, path or wildcard.");
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
        else if (!Urls.IsWeb(url))
            mistakes.Add(Setting, "is not an absolute http or https URL: set, for example, https://connect.example.com.");
        else if (!development && url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback)
            mistakes.Add(Setting, "has to be https outside Development, unless it is this machine only: the states in redirect URLs are secrets.");
        else if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            mistakes.Add(Setting, "has user info, a query or a fragment: set scheme, host, port and path only.");
    }

    private static void CheckManagementKey(string? key, bool development, Mistakes mistakes)
    {
        const string Setting = "Management:ApiKey";
        if (key is null)
        {
            if (!development)
                mistakes.Add(Setting, $"is missing: set a random key of at least {MinManagementKey} characters; `openssl rand -hex 32` makes one.");
        }
        else if (key.Length < MinManagementKey)
            mistakes.Add(Setting, $"is too short: set a random key of at least {MinManagementKey} characters; `openssl rand -hex 32` makes one.");
        else if (key.Any(c => c is <= ' ' or > '~'))
            mistakes.Add(Setting, "has characters that a bearer token cannot have: use letters, digits and - . _ ~ + / only.");
    }

    private static void CheckTraceUrl(string? url, Mistakes mistakes)
    {
        const string Setting = "Operators:TraceUrl";
        if (string.IsNullOrEmpty(url))
            return;
        if (!Uri.TryCreate(url.Replace(OperatorOptions.TraceId, "0", StringComparison.Ordinal), UriKind.Absolute, out var page) || !Urls.IsWeb(page))
            mistakes.Add(Setting, $"is not an absolute http or https URL: set, for example, https://traces.example.com/trace/{OperatorOptions.TraceId}.");
        else if (page.UserInfo.Length > 0)
            mistakes.Add(Setting, "has user info: browsers are not sent to such URLs.");
        else if (!url.Contains(OperatorOptions.TraceId, StringComparison.Ordinal))
            mistakes.Add(Setting, $"has no {OperatorOptions.TraceId}: the trace's id is put in its place.");
    }

    private static void CheckPage(Uri? url, string setting, PagesOptions pages, Mistakes mistakes)
    {
        if (url is null)
            return;
        if (!Urls.IsWeb(url) || url.Scheme != Uri.UriSchemeHttps)
            mistakes.Add($"Pages:{setting}", "is not an absolute https URL: set, for example, https://app.example.com/connected.");
        else if (url.UserInfo.Length > 0)
            mistakes.Add($"Pages:{setting}", "has user info: browsers are not sent to such URLs.");
        else if (!pages.AllowedHosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase)
            && !pages.AllowedHosts.Contains(url.Host, StringComparer.OrdinalIgnoreCase))
            mistakes.Add($"Pages:{setting}", "has a host that is not allowed: add its exact host name to Kapso:Pages:AllowedHosts.");
    }

    private static bool IsHostName(string? host) =>
        Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;
}
