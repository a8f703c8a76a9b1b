using System.Globalization;
using Kapso.Platform.Receivers;
using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>Rules for whom the service talks to: the receivers of welcomes and changes, and the platform.</summary>
internal static class ReceiverRules
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(30);

    private const int MaxId = 40;

    private const string MadeBy = "; `echo whsec_$(openssl rand -base64 32)` makes one.";

    public static void Check(KapsoOptions options, bool development, Mistakes mistakes)
    {
        CheckFlow(options, mistakes);
        if (options.Notify.Url is not null || options.Notify.Secret is not null)
            CheckReceiver(options.Notify, "Notify", mistakes);
        for (var i = 0; i < options.Notify.Receivers.Count; i++)
            CheckNamed(options.Notify.Receivers, i, mistakes);

        if (Urls.Objection(options.Platform.BaseUrl, "https://api.kapso.ai, which is the platform's") is { } objection)
            mistakes.Add("Platform:BaseUrl", objection);
        else if (!development && options.Platform.BaseUrl.Scheme != Uri.UriSchemeHttps)
            mistakes.Add("Platform:BaseUrl", "has to be https outside Development: the API key goes there.");
        mistakes.AddUnlessWithin("Platform:RequestsPerMinute", options.Platform.RequestsPerMinute, 1, 10_000);
    }

    private static void CheckNamed(IList<NamedReceiverOptions> receivers, int place, Mistakes mistakes)
    {
        var (receiver, setting) = (receivers[place], Text($"Notify:Receivers:{place}"));
        CheckReceiver(receiver, setting, mistakes);
        if (!IsId(receiver.Id))
            mistakes.Add($"{setting}:Id", $"is {(receiver.Id is null ? "missing" : "no id")}: set 1 to {MaxId} letters, digits, hyphens and underscores; what waits for the receiver is kept under it.");
        else if (receiver.Id is ReceiverTerms.DefaultId)
            mistakes.Add($"{setting}:Id", $"is {ReceiverTerms.DefaultId}, which is the id of the receiver at Kapso:Notify:Url.");
        else if (receivers.Take(place).Any(other => other.Id == receiver.Id))
            mistakes.Add($"{setting}:Id", "is the id of another receiver as well: each has its own.");
        for (var i = 0; i < receiver.Types.Count; i++)
        {
            if (NotifyTypes.Find(receiver.Types[i]) is null)
                mistakes.Add(Text($"{setting}:Types:{i}"), $"is no type of changes: set one of {string.Join(", ", NotifyTypes.Names)}, or none for all.");
        }

        if (receiver.Tag is not null && !CustomerTags.TryParse(receiver.Tag, out _, out _))
            mistakes.Add($"{setting}:Tag", "is no tag: set key:value, for example plan:pro.");
    }

    /// <summary>Whether a receiver can have this id.</summary>
    public static bool IsId(string? id) =>
        id is { Length: > 0 and <= MaxId } && id.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void CheckFlow(KapsoOptions options, Mistakes mistakes)
    {
        switch (options.Welcome.Flow)
        {
            case WelcomeFlow.Log:
                break;
            case WelcomeFlow.Callback:
                CheckReceiver(options.Welcome.Callback, "Welcome:Callback", mistakes);
                break;
            case WelcomeFlow.Template:
                TemplateRules.Check(options, mistakes);
                break;
            default:
                mistakes.Add("Welcome:Flow", "is not a welcome flow: set log, callback or template.");
                break;
        }
    }

    private static void CheckReceiver(ReceiverOptions receiver, string setting, Mistakes mistakes)
    {
        if (receiver.Url is null)
            mistakes.Add($"{setting}:Url", "is missing: set the URL of your application that takes the POST.");
        else if (Urls.Objection(receiver.Url, "https://app.example.com/kapso") is { } objection)
            mistakes.Add($"{setting}:Url", objection);
        else if (receiver.Url.UserInfo.Length > 0)
            mistakes.Add($"{setting}:Url", "has user info, which is not sent: the signature tells your application who calls.");

        if (receiver.Secret is null)
            mistakes.Add($"{setting}:Secret", $"is missing: set whsec_ and base64 of 24 to 64 random bytes{MadeBy}");
        else if (!StandardWebhookSecret.TryParse(receiver.Secret, out _, out var wrong))
        {
            foreach (var mistake in wrong)
                mistakes.Add($"{setting}:Secret", mistake.TrimEnd('.') + MadeBy);
        }

        mistakes.AddUnlessWithin($"{setting}:Timeout", receiver.Timeout, ShortestTimeout, LongestTimeout);
    }
}
