using Kapso.Platform.Receivers;

namespace Kapso.Platform.Validation;

/// <summary>What people write of a receiver, held to the rules that the settings are held to.</summary>
public static class ReceiverInput
{
    /// <summary>What is wrong with a URL, as a sentence; null where nothing is.</summary>
    /// <param name="text">The URL as it was written.</param>
    /// <param name="url">The URL.</param>
    public static string? ReadUrl(string? text, out Uri? url)
    {
        if (!Uri.TryCreate(text?.Trim(), UriKind.RelativeOrAbsolute, out url))
            return "The URL is none: write one that begins with https:// and a host.";
        if (Urls.Objection(url, "https://app.example.com/kapso") is { } objection)
            return $"The URL {objection}";
        return url.UserInfo.Length > 0 ? "The URL has user info, which is not sent: the signature tells your application who calls." : null;
    }

    /// <summary>What is wrong with a secret, as a sentence; null where nothing is.</summary>
    public static string? SecretObjection(string secret) =>
        StandardWebhookSecret.TryParse(secret, out _, out var mistakes) ? null : $"The secret {mistakes[0]}";
}
