namespace Kapso.Platform.Validation;

/// <summary>What counts as a web address in the settings.</summary>
internal static class Urls
{
    /// <summary>What is wrong with a web address, as a sentence without its subject; null where nothing is.</summary>
    /// <param name="url">The setting.</param>
    /// <param name="example">What it could be.</param>
    public static string? Objection(Uri url, string example) => url switch
    {
        { IsAbsoluteUri: false } or { IsFile: true } =>
            $"is not an absolute URL: begin it with https://, for example {example}. It is '{SettingsReading.Shown(url.OriginalString)}'.",
        { Scheme: not ("http" or "https") } when url.Scheme.Contains('.', StringComparison.Ordinal) || url.Scheme == "localhost" =>
            $"has a host and a port and no scheme: begin it with https://, for example {example}.",
        { Scheme: not ("http" or "https") } => $"has another scheme than http and https: set, for example, {example}.",
        { Host.Length: 0 } => $"names no host: set, for example, {example}.",
        _ => null,
    };
}
