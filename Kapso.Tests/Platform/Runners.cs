using Kapso.Connections;
using Kapso.Platform.Effects;
using Kapso.Platform.Receivers;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kapso.Tests.Platform;

/// <summary>Both runners, set to send to one receiver.</summary>
internal sealed class Runners : IDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly StandardWebhookSender _sender;

    public Runners(Uri url, TimeProvider? time = null, WelcomeFlow flow = WelcomeFlow.Callback, ILogger<WelcomeRunner>? logger = null)
    {
        var receiver = new ReceiverOptions { Url = url, Secret = Secret, Timeout = TimeSpan.FromSeconds(10) };
        var options = Options.Create(new KapsoOptions
        {
            Welcome = new WelcomeOptions { Flow = flow, Callback = receiver },
            Notify = receiver,
        });
        _sender = new StandardWebhookSender(options, time ?? TimeProvider.System);
        Welcome = new WelcomeRunner(options, _sender, logger ?? NullLogger<WelcomeRunner>.Instance);
        Notify = new NotifyRunner(options, _sender);
    }

    public IEffectRunner Welcome { get; }

    public IEffectRunner Notify { get; }

    public void Dispose() => _sender.Dispose();
}
