using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Kapso.Engines.Orleans.Grains;

/// <summary>The policies of projects. Ready once <see cref="FirstStart"/> is known, which is before any grain is called.</summary>
internal sealed class Policies(IOptions<EngineOptions> options)
{
    private readonly ConcurrentDictionary<string, ConnectionPolicy> _policies = new(StringComparer.Ordinal);

    /// <summary>When the service first started on this store.</summary>
    public DateTimeOffset FirstStart { get; set; } = DateTimeOffset.MaxValue;

    public ConnectionPolicy Of(string projectId) =>
        _policies.GetOrAdd(projectId, static (id, self) => self.Options.Policy(id, self.FirstStart), this);

    private EngineOptions Options => options.Value;
}
