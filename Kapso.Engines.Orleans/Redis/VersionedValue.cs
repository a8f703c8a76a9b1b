using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>A value that is written only over the version before: a string with its version, a line end, and the value as JSON.</summary>
internal static class VersionedValue
{
    private const string SaveScript = """
        -- ARGV: the version before, the record.
        local known = redis.call('GET', KEYS[1])
        if known == ARGV[2] then return 1 end
        if (known and string.match(known, '^%d+') or '0') ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2])
        return 1
        """;

    /// <summary>The value; null where nothing was ever written.</summary>
    public static async Task<T?> ReadAsync<T>(IDatabase database, RedisKey key, JsonTypeInfo<T> type)
        where T : class
    {
        var found = await database.StringGetAsync(key);
        return found.HasValue ? Parse(found.ToString(), type) : null;
    }

    /// <summary>Writes a value; false where the version that is there is not the one before.</summary>
    public static async Task<bool> SaveAsync<T>(IDatabase database, RedisKey key, long version, T value, JsonTypeInfo<T> type)
    {
        var record = string.Create(CultureInfo.InvariantCulture, $"{version}{StoreKeys.Separator}{JsonSerializer.Serialize(value, type)}");
        return (bool)await database.ScriptEvaluateAsync(SaveScript, [key], [version - 1, record]);
    }

    /// <summary>The version of a value, from its beginning; 0 where there is none.</summary>
    public static long VersionOf(string? record) =>
        record?.Split(StoreKeys.Separator, 2) is [var version, ..] && long.TryParse(version, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static T Parse<T>(string record, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(record.AsSpan(record.IndexOf(StoreKeys.Separator, StringComparison.Ordinal) + 1), type)!;
}
