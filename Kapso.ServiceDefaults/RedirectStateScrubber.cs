using System.Diagnostics;
using OpenTelemetry;

namespace Kapso.ServiceDefaults;

/// <summary>
/// Takes the state out of the spans of redirects before they are exported: whoever has it sees the customer's page. Also
/// takes out their query, which is the browser's word about a number.
/// </summary>
internal sealed class RedirectStateScrubber : BaseProcessor<Activity>
{
    private const string Redirects = "whatsapp";
    private const string Hidden = "{hidden}";

    private static readonly string[] PathTags = ["url.path", "http.target", "url.full", "http.url"];
    private static readonly string[] Kept = [Redirects, "success", "failed", "events"];

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Source.Name != "Microsoft.AspNetCore")
            return;

        var redirect = false;
        foreach (var tag in PathTags)
        {
            if (data.GetTagItem(tag) is string path && Scrub(path) is { } scrubbed)
            {
                data.SetTag(tag, scrubbed);
                redirect = true;
            }
        }

        if (Scrub(data.DisplayName) is { } name)
            data.DisplayName = name;
        if (redirect)
            data.SetTag("url.query", null);
    }

    /// <summary>
    /// The path or URL with every segment behind <c>/whatsapp</c> hidden that is not a word of our routes; null where it is
    /// not about redirects. Errs on the side of hiding: routes match in any case and after decoding.
    /// </summary>
    internal static string? Scrub(string text)
    {
        if (Uri.UnescapeDataString(text).IndexOf('/' + Redirects, StringComparison.OrdinalIgnoreCase) < 0)
            return null;

        var end = text.IndexOfAny(['?', '#']);
        var segments = (end < 0 ? text : text[..end]).Split('/');
        var first = Array.FindIndex(segments, segment => Word(segment) == Redirects);
        for (var i = first < 0 ? 1 : first; i < segments.Length; i++)
            segments[i] = Word(segments[i]) ?? (segments[i].Length == 0 ? "" : Hidden);
        return string.Join('/', segments);
    }

    private static string? Word(string segment)
    {
        var decoded = Uri.UnescapeDataString(segment);
        return Array.Find(Kept, word => word.Equals(decoded, StringComparison.OrdinalIgnoreCase));
    }
}
