using Kapso.Testing.Clients;
using Kapso.Tests.Hosting;

namespace Kapso.Tests.Clients;

/// <summary>Generated clients, before the embedded form.</summary>
[Long]
[Collection(RunsAlone.Name)]
public sealed class EmbeddedClientContract : ClientContract
{
    protected override Task<(Uri Address, IAsyncDisposable Service)> ServeAsync(Dictionary<string, string> settings, CancellationToken cancellationToken) =>
        EmbeddedHost.ServeAsync(settings, cancellationToken);
}
