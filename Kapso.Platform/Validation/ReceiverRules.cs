using Kapso.Platform.Receivers;
using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>Rules for whom the service talks to: the receivers of welcomes and changes, and the platform.</summary>
internal static class ReceiverRules
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(30);

    public static void Check(KapsoOptions options, bool development, Mistakes mistakes)
    {
        CheckFlow(options, mistakes);
        if (options.Notify.Url is not null || options.Notify.Secret is not null)
            CheckReceiver(options.Notify, "Notify", mistakes);

        if (!Urls.IsWeb(options.Platform.BaseUrl))
            mistakes.Add("Platform:BaseUrl", "is not an absolute http or https URL; the platform's is https://api.kapso.ai.");
        else if (!development && options.Platform.BaseUrl.Scheme != Uri.UriSchemeHttps)
            mistakes.Add("Platform:BaseUrl", "has to be https outside Development: the API key goes there.");
        if (options.Platform.RequestsPerMinute is < 1 or > 10_000)
            mistakes.Add("Platform:RequestsPerMinute", "is out of range: set your plan's limit, 1 to 10000; most have 100.");
    }

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
        else if (!Urls.IsWeb(receiver.Url))
            mistakes.Add($"{setting}:Url", "is not an absolute http or https URL: set, for example, https://app.example.com/kapso.");
        else if (receiver.Url.UserInfo.Length > 0)
            mistakes.Add($"{setting}:Url", "has user info, which is not sent: the signature tells your application who calls.");

        if (receiver.Secret is null)
            mistakes.Add($"{setting}:Secret", "is missing: set whsec_ and base64 of 24 to 64 random bytes; `echo whsec_$(openssl rand -base64 32)` makes one.");
        else if (!StandardWebhookSecret.TryParse(receiver.Secret, out _))
            mistakes.Add($"{setting}:Secret", "has another form than whsec_ and base64 of 24 to 64 bytes; `echo whsec_$(openssl rand -base64 32)` makes one.");

        if (receiver.Timeout < ShortestTimeout || receiver.Timeout > LongestTimeout)
            mistakes.Add($"{setting}:Timeout", "is out of range: set 00:00:01 to 00:00:30.");
    }
}
