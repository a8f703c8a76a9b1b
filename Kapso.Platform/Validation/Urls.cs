namespace Kapso.Platform.Validation;

/// <summary>What counts as a web address in the settings.</summary>
internal static class Urls
{
    public static bool IsWeb(Uri url) =>
        url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0;
}
