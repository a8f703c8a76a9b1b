using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>The policies of projects. Ready once <see cref="FirstStart"/> is known, which is before any grain is called.</summary>
internal sealed class Policies(IOptions<EngineOptions> options, StoreWatch store)
{
    private readonly ConcurrentDictionary<string, ConnectionPolicy> _policies = new(StringComparer.Ordinal);

    /// <summary>When the service first started on this store.</summary>
    public DateTimeOffset FirstStart { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>The project's policy as it is now: it changes when a person accepts a store that took another one's place.</summary>
    public ConnectionPolicy Of(string projectId)
    {
        var known = _policies.GetOrAdd(projectId, static (id, self) => self.Options.Policy(id, self.FirstStart), this);
        if (!Equals(known.Erasures, store.State.Erasures))
            known = _policies[projectId] = known with { Erasures = store.State.Erasures };
        var policy = Options.Receivers.Complete(projectId, known);
        return store.State.ReplacedFor(projectId) is { } at ? policy with { StoreReplacedAt = at } : policy;
    }

    private EngineOptions Options => options.Value;
}
