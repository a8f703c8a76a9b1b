using Kapso.Platform.Api;

namespace Kapso.Platform.Webhooks;

/// <summary>Where a project's webhook has to deliver to, compared as the server and its router do.</summary>
/// <param name="publicUrl">Where the platform reaches this service.</param>
/// <param name="projectId">The project.</param>
/// <param name="isOnly">Whether it is the only one that is served, whose webhook may leave its id out.</param>
internal sealed class WebhookAddress(Uri publicUrl, string projectId, bool isOnly)
{
    private const int MaxShown = 200;

    private readonly string[] _route = [.. Segments(publicUrl), "webhooks", "project"];

    /// <summary>The project.</summary>
    public string ProjectId { get; } = projectId;

    /// <summary>The address as it should be, in full.</summary>
    public string Expected { get; } = $"{publicUrl.AbsoluteUri.TrimEnd('/')}/webhooks/project/{Uri.EscapeDataString(projectId)}";

    /// <summary>
    /// Whether what is sent to an address arrives here. Scheme, host and port have to be ours. Of the path, names of ours may be written
    /// in any case, one slash may follow, and what is percent-encoded counts as what it means, but for a slash. The project's id has to
    /// be exact. A query does not count.
    /// </summary>
    public bool IsReachedBy(string? address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || !IsOurServer(url))
            return false;
        var segments = Segments(url);
        var known = _route.Length;
        return segments.Length >= known
            && segments.AsSpan(0, known).SequenceEqual(_route, StringComparer.OrdinalIgnoreCase)
            && (segments.Length == known ? isOnly : segments.Length == known + 1 && segments[known] == ProjectId);
    }

    /// <summary>The webhooks that tell of the whole project and deliver here.</summary>
    public IEnumerable<PlatformWebhook> Among(IEnumerable<PlatformWebhook> webhooks) =>
        webhooks.Where(webhook => webhook.IsOfProject && IsReachedBy(webhook.Url));

    /// <summary>An address as it is told: without user info, query and fragment, which can hold secrets.</summary>
    public static string Shown(string? address)
    {
        if (string.IsNullOrWhiteSpace(address))
            return "no address";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            return "an address that is no URL";
        var shown = url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return shown.Length <= MaxShown ? shown : shown[..MaxShown] + "…";
    }

    private bool IsOurServer(Uri url) =>
        url.Scheme == publicUrl.Scheme && url.Port == publicUrl.Port
        && string.Equals(Host(url), Host(publicUrl), StringComparison.OrdinalIgnoreCase);

    // A dot at the end only says that the name is whole.
    private static string Host(Uri url) => url.IdnHost.TrimEnd('.');

    private static string[] Segments(Uri url)
    {
        var path = url.AbsolutePath[1..];
        if (path.EndsWith('/'))
            path = path[..^1];
        return path.Length == 0 ? [] : Array.ConvertAll(path.Split('/'), Decoded);
    }

    // The server decodes all but a slash, which would make two segments of one.
    private static string Decoded(string segment) =>
        string.Join("%2F", segment.Split("%2F").SelectMany(part => part.Split("%2f")).Select(Uri.UnescapeDataString));
}
