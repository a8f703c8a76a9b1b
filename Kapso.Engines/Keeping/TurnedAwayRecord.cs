using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kapso.Engines.Keeping;

/// <summary>
/// What was turned away of one project, or of none, as it is stored: one small record, whatever comes. Kinds are known by their
/// names, so that those of a newer version are passed on.
/// </summary>
public sealed record TurnedAwayRecord
{
    /// <summary>The kinds by name.</summary>
    [JsonPropertyName("k")]
    public SortedDictionary<string, TurnedAwayOfKind> Kinds { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Reads what is stored; the empty record where nothing is.</summary>
    public static TurnedAwayRecord Read(ReadOnlySpan<byte> stored) =>
        stored.IsEmpty ? new TurnedAwayRecord() : JsonSerializer.Deserialize(stored, EngineJson.Default.TurnedAwayRecord)!;

    /// <summary>What is stored.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Default.TurnedAwayRecord);

    /// <summary>The record with what a process turned away.</summary>
    /// <param name="tallies">What it was.</param>
    /// <param name="lastWebhook">When an authentic delivery last came: what failed before it is not in a row with what fails after it.</param>
    /// <param name="now">The time; what is older than the days that are shown is forgotten.</param>
    public TurnedAwayRecord With(IEnumerable<TurnedAwayTally> tallies, DateTimeOffset? lastWebhook, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        var first = DailyCounts.FirstDay(now);
        var kinds = new SortedDictionary<string, TurnedAwayOfKind>(StringComparer.Ordinal);
        foreach (var (name, known) in Kinds)
        {
            if (known.Since(first) is { Days.Count: > 0 } recent)
                kinds[name] = recent;
        }

        foreach (var tally in tallies)
        {
            var name = tally.Kind.ToString();
            kinds[name] = (kinds.GetValueOrDefault(name) ?? new TurnedAwayOfKind()).With(tally, lastWebhook);
        }

        return new TurnedAwayRecord { Kinds = kinds };
    }

    /// <summary>What overviews show of it, in the order of the kinds.</summary>
    public IEnumerable<TurnedAwayCount> Show(DateTimeOffset? lastWebhook, DateTimeOffset now)
    {
        var first = DailyCounts.FirstDay(now);
        foreach (var kind in Enum.GetValues<TurnedAwayKind>())
        {
            if (Kinds.GetValueOrDefault(kind.ToString())?.Since(first) is not { Days.Count: > 0 } known)
                continue;
            var (inARow, alarming) = kind.IsOfSignature() ? known.RowSince(lastWebhook, now) : default;
            yield return new TurnedAwayCount(kind, known.Days.Values.Sum(), known.LastAt, inARow, known.Networks)
            {
                IsAlarming = alarming,
                Packed = known.Packed,
            };
        }
    }
}

/// <summary>What was turned away of one kind, as it is stored.</summary>
public sealed record TurnedAwayOfKind
{
    /// <summary>How often, by the day.</summary>
    [JsonPropertyName("d")]
    public SortedDictionary<long, long> Days { get; init; } = [];

    /// <summary>When it last came.</summary>
    [JsonPropertyName("l")]
    public DateTimeOffset LastAt { get; init; }

    /// <summary>Where from, the last first; at most <see cref="NetworkCount.MaxKept"/>.</summary>
    [JsonPropertyName("n")]
    public IReadOnlyList<NetworkCount> Networks { get; init; } = [];

    /// <summary>
    /// How many came since the last authentic delivery, as far as processes told of nothing else in between: they tell once a minute.
    /// </summary>
    [JsonPropertyName("r")]
    public long InARow { get; init; }

    /// <summary>When the first of those came.</summary>
    [JsonPropertyName("b")]
    public DateTimeOffset BegunAt { get; init; }

    /// <summary>When the last of those that were refused for their signature came, in order; null where that is not kept.</summary>
    [JsonPropertyName("t")]
    public IReadOnlyList<DateTimeOffset>? Times { get; init; }

    /// <summary>Of those that were refused for their signature, the packed ones.</summary>
    [JsonPropertyName("p")]
    public PackedCount? Packed { get; init; }

    /// <summary>How many came since the last authentic delivery, and whether that is to be told.</summary>
    public (long InARow, bool IsAlarming) RowSince(DateTimeOffset? lastWebhook, DateTimeOffset now)
    {
        var told = IsBroken(lastWebhook) ? 0 : InARow;
        var inARow = Math.Max(told, Times?.Count(time => !(time <= lastWebhook)) ?? 0);
        return (inARow, told >= TurnedAwayKinds.Alarming || (inARow >= TurnedAwayKinds.Alarming && !(now - lastWebhook < TurnedAwayKinds.Quiet)));
    }

    /// <summary>Without what is older than a day.</summary>
    public TurnedAwayOfKind Since(long first) => this with
    {
        Days = new(Days.Where(day => day.Key >= first).ToDictionary()),
        Networks = [.. Networks.Where(network => DailyCounts.DayOf(network.LastAt) >= first)],
        Packed = Packed is { } packed && DailyCounts.DayOf(packed.LastAt) >= first ? packed : null,
    };

    /// <summary>With what a process turned away.</summary>
    public TurnedAwayOfKind With(TurnedAwayTally tally, DateTimeOffset? lastWebhook)
    {
        ArgumentNullException.ThrowIfNull(tally);
        var day = DailyCounts.DayOf(tally.LastAt);
        var times = TurnedAwayTallies.Last(Times, tally.Times);
        var (inARow, begunAt) =
            InARow == 0 || IsBroken(lastWebhook) ? (tally.Count, tally.FirstAt)
            : tally.FirstAt <= lastWebhook ? (InARow, BegunAt)
            : (InARow + tally.Count, tally.FirstAt < BegunAt ? tally.FirstAt : BegunAt);
        return new TurnedAwayOfKind
        {
            Days = new(Days) { [day] = Days.GetValueOrDefault(day) + tally.Count },
            LastAt = tally.LastAt > LastAt ? tally.LastAt : LastAt,
            Networks = Networks.With(tally.Networks),
            InARow = inARow,
            BegunAt = begunAt,
            Times = times.Count > 0 ? times : null,
            Packed = TurnedAwayTallies.Both(Packed, tally.Packed),
        };
    }

    private bool IsBroken(DateTimeOffset? lastWebhook) => lastWebhook >= BegunAt;
}

/// <summary>Puts together what several have counted.</summary>
public static class TurnedAwayTallies
{
    /// <summary>Both together.</summary>
    public static TurnedAwayTally With(this TurnedAwayTally tally, TurnedAwayTally other)
    {
        ArgumentNullException.ThrowIfNull(tally);
        ArgumentNullException.ThrowIfNull(other);
        return new TurnedAwayTally(
            tally.Kind,
            tally.Count + other.Count,
            tally.FirstAt < other.FirstAt ? tally.FirstAt : other.FirstAt,
            tally.LastAt > other.LastAt ? tally.LastAt : other.LastAt,
            tally.Networks.With(other.Networks))
        {
            Times = Last(tally.Times, other.Times),
            Packed = Both(tally.Packed, other.Packed),
        };
    }

    /// <summary>Both together, by the name of the last.</summary>
    public static PackedCount? Both(PackedCount? one, PackedCount? other) =>
        one is null || other is null ? one ?? other
        : (one.LastAt > other.LastAt ? one : other) with { Count = one.Count + other.Count };

    /// <summary>The last times of both, in order, as many as are kept.</summary>
    public static IReadOnlyList<DateTimeOffset> Last(IEnumerable<DateTimeOffset>? times, IEnumerable<DateTimeOffset> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return [.. (times ?? []).Concat(others).Order().TakeLast(TurnedAwayKinds.MaxTimes)];
    }

    /// <summary>The networks of both, the last first, as many as are kept.</summary>
    public static IReadOnlyList<NetworkCount> With(this IEnumerable<NetworkCount> networks, IEnumerable<NetworkCount> others) =>
    [
        .. networks.Concat(others)
            .GroupBy(network => network.Network, StringComparer.Ordinal)
            .Select(same => new NetworkCount(same.Key, same.Sum(one => one.Count), same.Max(one => one.LastAt)))
            .OrderByDescending(network => network.LastAt).ThenByDescending(network => network.Count).ThenBy(network => network.Network, StringComparer.Ordinal)
            .Take(NetworkCount.MaxKept),
    ];
}
