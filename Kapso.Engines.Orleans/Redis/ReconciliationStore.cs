using System.Globalization;
using System.Text.Json;
using Kapso.Connections.Reconciling;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>Where each project's reconciliation stands: one value, written only over the version before.</summary>
internal sealed class ReconciliationStore(IConnectionMultiplexer redis, StoreKeys keys)
{
    private const string Save = """
        -- ARGV: the version before, the record.
        local known = redis.call('GET', KEYS[1])
        if known == ARGV[2] then return 1 end
        if (known and string.match(known, '^%d+') or '0') ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2])
        return 1
        """;

    public async Task<Reconciliation> ReadAsync(string project)
    {
        var found = await redis.GetDatabase().StringGetAsync(keys.Reconciliation(project));
        if (!found.HasValue)
            return new Reconciliation();
        var text = found.ToString();
        return JsonSerializer.Deserialize(
            text.AsSpan(text.IndexOf(StoreKeys.Separator, StringComparison.Ordinal) + 1), EngineJson.Default.Reconciliation)!;
    }

    public async Task<bool> SaveAsync(string project, Reconciliation reconciliation)
    {
        var record = string.Create(
            CultureInfo.InvariantCulture,
            $"{reconciliation.Version}{StoreKeys.Separator}{JsonSerializer.Serialize(reconciliation, EngineJson.Default.Reconciliation)}");
        return (bool)await redis.GetDatabase().ScriptEvaluateAsync(
            Save, [keys.Reconciliation(project)], [reconciliation.Version - 1, record]);
    }
}
