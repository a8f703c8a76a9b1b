using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kapso.Web.Http;

/// <summary>
/// Requests that nobody made: a messenger that shows what a link leads to, a crawler, a browser that fetches a page before somebody
/// opens it. They get the page, and what they ask for is nobody's word.
/// </summary>
internal static partial class Previews
{
    /// <summary>Whether a request says of itself that it is one.</summary>
    public static bool IsOne(HttpRequest request) =>
        IsAhead(request.Headers["Sec-Purpose"]) || IsAhead(request.Headers["Purpose"]) || IsAhead(request.Headers["X-Purpose"])
        || IsAhead(request.Headers["X-Moz"]) || Agents().IsMatch(request.Headers[HeaderNames.UserAgent].ToString());

    // "prefetch;prerender" of today's browsers; "prefetch" and "preview" of older ones.
    private static bool IsAhead(string? purpose) =>
        purpose is not null
        && (purpose.Contains("prefetch", StringComparison.OrdinalIgnoreCase)
            || purpose.Contains("prerender", StringComparison.OrdinalIgnoreCase)
            || purpose.Contains("preview", StringComparison.OrdinalIgnoreCase));

    // What calls itself a bot, a crawler or a spider, and those that only have a name. CUBOT makes phones.
    [GeneratedRegex(
        @"(?<!\bcu)bot\b|crawler|spider|slurp|preview|facebookexternalhit|facebookcatalog|meta-externalagent|meta-externalfetcher|^WhatsApp/|Slack-ImgProxy|vkShare|Embedly|Iframely|Snap URL|BingPreview|Google-Read-Aloud|GoogleOther|Google-InspectionTool|^Viber/|Mastodon/|GoogleImageProxy|Mediapartners-Google|SafeLinks|Barracuda|Mimecast|Proofpoint",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Agents();
}
