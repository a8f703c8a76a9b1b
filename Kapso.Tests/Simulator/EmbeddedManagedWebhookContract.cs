using Kapso.Tests.Hosting;

namespace Kapso.Tests.Simulator;

/// <summary>The kept webhook, in the embedded form.</summary>
[Long]
public sealed class EmbeddedManagedWebhookContract : ManagedWebhookContract
{
    protected override async Task<IAsyncDisposable> ServeAsync(Uri address, Dictionary<string, string> settings, CancellationToken cancellationToken) =>
        (await EmbeddedHost.ServeAsync(settings, cancellationToken, address.Port)).Service;
}
