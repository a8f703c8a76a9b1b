using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Effects;
using Kapso.Platform.Receivers;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kapso.Tests.Platform;

/// <summary>The runners of welcomes and notifies, set to send to one receiver.</summary>
internal sealed class Runners : IDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly StandardWebhookSender _sender;
    private readonly RequestBudget _budget;
    private readonly PlatformClients _clients;

    public Runners(
        Uri url, TimeProvider? time = null, WelcomeFlow flow = WelcomeFlow.Callback, ILogger<WelcomeRunner>? logger = null,
        ILogger<StandardWebhookSender>? senderLogger = null)
    {
        var receiver = new ReceiverOptions { Url = url, Secret = Secret, Timeout = TimeSpan.FromSeconds(10) };
        var options = Options.Create(new KapsoOptions
        {
            Welcome = new WelcomeOptions { Flow = flow, Callback = receiver },
            Notify = new NotifyOptions { Url = url, Secret = Secret, Timeout = receiver.Timeout },
        });
        _sender = new StandardWebhookSender(options, time ?? TimeProvider.System, senderLogger ?? NullLogger<StandardWebhookSender>.Instance);
        _budget = new RequestBudget(new ProcessMinute(100, time ?? TimeProvider.System), time ?? TimeProvider.System);
        _clients = new PlatformClients(options, _budget, time ?? TimeProvider.System, NullLogger<PlatformClients>.Instance);
        Welcome = new WelcomeRunner(options, _sender, _clients, time ?? TimeProvider.System, logger ?? NullLogger<WelcomeRunner>.Instance);
        Notify = new NotifyRunner(new ReceiverDirectory(options, new ReceiverBooks(), time ?? TimeProvider.System), _sender);
    }

    public IEffectRunner Welcome { get; }

    public IEffectRunner Notify { get; }

    public void Dispose()
    {
        _sender.Dispose();
        _clients.Dispose();
        _budget.Dispose();
    }
}
