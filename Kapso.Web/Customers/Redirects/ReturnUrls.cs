using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Customers.Redirects;

/// <summary>
/// Where browsers may be sent instead of our pages: https, a host that is allowed by its exact name, no user info. Checked
/// when a URL is taken and again each time it is used, so that a host that is allowed no longer counts no longer.
/// </summary>
internal sealed class ReturnUrls(IOptions<KapsoOptions> options)
{
    /// <summary>Longest URL that is taken.</summary>
    public const int MaxLength = 2_048;

    /// <summary>What is said where one is not accepted.</summary>
    public const string Expected =
        "return_url must be an https URL without user info whose host is listed in Kapso:Pages:AllowedHosts.";

    private const string Required = "https://";

    private readonly PagesOptions _pages = options.Value.Pages;

    /// <summary>After a success: the link's own URL, else the configured one; null where our page is shown.</summary>
    public Uri? AfterSuccess(string? ofLink) => Choose(ofLink, _pages.SuccessUrl);

    /// <summary>After a failure: the link's own URL, else the configured one; null where our page is shown.</summary>
    public Uri? AfterFailure(string? ofLink) => Choose(ofLink, _pages.FailureUrl);

    /// <summary>Whether browsers may be sent to this URL.</summary>
    /// <param name="text">
    /// An absolute URL of printable ASCII. What parsers could read differently (a backslash, white space, no host after the
    /// slashes) is refused before it is parsed.
    /// </param>
    /// <param name="url">The URL as parsed; what is sent is made of it.</param>
    public bool TryAccept([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Uri? url)
    {
        url = null;
        if (text is null
            || text.Length > MaxLength
            || text.AsSpan().ContainsAnyExceptInRange('!', '~')
            || text.Contains('\\', StringComparison.Ordinal)
            || !text.StartsWith(Required, StringComparison.OrdinalIgnoreCase)
            || AuthorityOf(text) is not { Length: > 0 } authority
            || authority.Contains('@')
            || !Uri.TryCreate(text, UriKind.Absolute, out var parsed)
            || parsed.Scheme != Uri.UriSchemeHttps
            || parsed.UserInfo.Length > 0
            || !IsAllowed(parsed))
        {
            return false;
        }

        url = parsed;
        return true;
    }

    /// <summary>The URL with a <c>reason</c> of our own enumeration added to its query, as a header can carry it.</summary>
    public static string WithReason(Uri url, string reason) =>
        Write(url, url.Query.Length > 1 ? $"{url.Query}&reason={reason}" : $"?reason={reason}");

    /// <summary>The URL in ASCII, whatever it was written in: its host by the name that the domain name system has for it.</summary>
    private static string Write(Uri url, string query)
    {
        var host = url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        var port = url.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{url.Port}");
        return $"{url.Scheme}://{host}{port}{url.AbsolutePath}{query}{url.Fragment}";
    }

    // As written: user info that is empty is no longer in a parsed URL.
    private static string AuthorityOf(string text)
    {
        var end = text.AsSpan(Required.Length).IndexOfAny("/?#");
        return end < 0 ? text[Required.Length..] : text.Substring(Required.Length, end);
    }

    private Uri? Choose(string? ofLink, Uri? configured) =>
        TryAccept(ofLink, out var url) || (configured is not null && TryAccept(Write(configured, configured.Query), out url)) ? url : null;

    private bool IsAllowed(Uri url)
    {
        foreach (var host in _pages.AllowedHosts)
        {
            if (string.Equals(host, url.Host, StringComparison.OrdinalIgnoreCase)
                || string.Equals(IdnHostOf(host), url.IdnHost, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static string IdnHostOf(string host) => Uri.TryCreate(Required + host, UriKind.Absolute, out var url) ? url.IdnHost : host;
}
