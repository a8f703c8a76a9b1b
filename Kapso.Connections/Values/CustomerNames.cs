using System.Text.Json.Serialization;

namespace Kapso.Connections.Values;

/// <summary>What a customer is called. Null where nothing is told: that says nothing of what is known.</summary>
/// <param name="OwnId">The company's own id for the customer: a <see cref="BoundedId"/>.</param>
/// <param name="Name">A name for people, as <see cref="PlainName"/> makes it.</param>
public sealed record CustomerNames(string? OwnId, string? Name)
{
    /// <summary>The usable part of what was told; null where there is none.</summary>
    public static CustomerNames? Of(string? ownId, string? name)
    {
        ownId = BoundedId.IsValid(ownId) ? ownId : null;
        name = PlainName.Of(name);
        return ownId is null && name is null ? null : new CustomerNames(ownId, name);
    }

    /// <summary>Nothing of it: names are data of people, and this may come into a log.</summary>
    public override string ToString() => nameof(CustomerNames);
}

/// <summary>A text that the platform tells, and since when it is so: a newer one takes its place.</summary>
/// <param name="Value">The text.</param>
/// <param name="At">The platform's own time where it came with one, else when it was received.</param>
public sealed record ToldText([property: JsonPropertyName("v")] string Value, DateTimeOffset At)
{
    /// <summary>When it was told, in whole milliseconds.</summary>
    [JsonPropertyName("at")]
    public DateTimeOffset At { get; init => field = value.ToWholeMilliseconds(); } = At.ToWholeMilliseconds();

    /// <summary>Nothing of it: names are data of people, and this may come into a log.</summary>
    public override string ToString() => nameof(ToldText);
}
