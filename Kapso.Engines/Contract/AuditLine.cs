using System.Globalization;
using System.Text.Json.Serialization;

namespace Kapso.Engines.Contract;

/// <summary>What somebody is who did something. Appended only: the numbers are stored.</summary>
public enum AuditActorKind
{
    /// <summary>Nobody knows who it was.</summary>
    Unknown,

    /// <summary>A key, in a call of the management API.</summary>
    Key,

    /// <summary>A person who was signed in; the name is what they call themselves, or what their provider calls them.</summary>
    Person,

    /// <summary>The service itself, as a setting has it.</summary>
    Service,
}

/// <summary>Who did something.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Name">How they are called, at most <see cref="BoundedId.MaxLength"/> characters.</param>
public sealed record AuditActor(
    [property: JsonPropertyName("k")] AuditActorKind Kind,
    [property: JsonPropertyName("n")] string Name)
{
    /// <summary>The management key that has no name of its own.</summary>
    public static AuditActor ManagementKey { get; } = new(AuditActorKind.Key, "management key");

    /// <summary>The service, by itself.</summary>
    public static AuditActor Itself { get; } = new(AuditActorKind.Service, "service");

    /// <summary>Somebody whose key was wrong.</summary>
    public static AuditActor Unknown { get; } = new(AuditActorKind.Unknown, "unknown");

    /// <summary>A management key with a name.</summary>
    public static AuditActor Key(string name) => new(AuditActorKind.Key, name);

    /// <summary>A person who is signed in.</summary>
    public static AuditActor Person(string name) => new(AuditActorKind.Person, name);
}

/// <summary>What became of an act. Appended only: the numbers are stored.</summary>
public enum AuditOutcome
{
    /// <summary>It may have been done or not: no outcome was written, or whoever was asked for it did not say.</summary>
    Unknown,

    /// <summary>It was done, or had been done before.</summary>
    Done,

    /// <summary>It was not done: the request was wrong, or is not allowed as things stood.</summary>
    Refused,

    /// <summary>It was not done: something that it needs did not answer.</summary>
    Failed,
}

/// <summary>
/// One line of the audit: what somebody did, or that somebody was refused. Written before the act begins, and completed once with its
/// outcome. Holds no secret, no state, no address of a link and no body.
/// </summary>
public sealed record AuditLine
{
    /// <summary>The longest <see cref="Action"/>, in characters.</summary>
    public const int MaxAction = 64;

    /// <summary>The longest <see cref="Detail"/>, in characters.</summary>
    public const int MaxDetail = 128;

    /// <summary>Its id, made by <see cref="NewId"/>: in the order of ids, lines are in the order of <see cref="At"/>.</summary>
    [JsonPropertyName("i"), JsonPropertyOrder(-1)]
    public required string Id { get; init; }

    /// <summary>When it began, in whole milliseconds, UTC; of a count, the minute.</summary>
    [JsonIgnore]
    public DateTimeOffset At => TimeOf(Id);

    /// <summary>What was done: a dotted word such as <c>link.issue</c>.</summary>
    [JsonPropertyName("a")]
    public required string Action { get; init; }

    /// <summary>Who did it.</summary>
    [JsonPropertyName("b")]
    public required AuditActor By { get; init; }

    /// <summary>The project; null for what is of none, such as a sign-in.</summary>
    [JsonPropertyName("p"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProjectId { get; init; }

    /// <summary>The customer, where it is about one; a hash in place of the id once the customer was erased.</summary>
    [JsonPropertyName("c"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CustomerId { get; init; }

    /// <summary>What it was done to: the id of an effect, a link, a number or a parked delivery; a hash once its customer was erased.</summary>
    [JsonPropertyName("t"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Target { get; init; }

    /// <summary>What else is to be known of it, in a few words, at most <see cref="MaxDetail"/> characters.</summary>
    [JsonPropertyName("d"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Where from: a /24 of IPv4 or a /48 of IPv6; <c>unknown</c> where the address is not known.</summary>
    [JsonPropertyName("w"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Network { get; init; }

    /// <summary>The trace that it is in, 32 hex digits; null where it is in none.</summary>
    [JsonPropertyName("r"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    /// <summary>What became of it.</summary>
    [JsonPropertyName("o"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public AuditOutcome Outcome { get; init; }

    /// <summary>The HTTP status of the answer; null where there was none (yet), and for a count.</summary>
    [JsonPropertyName("s"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Status { get; init; }

    /// <summary>How many requests were refused, of a line that counts such; else null.</summary>
    [JsonPropertyName("x"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Count { get; init; }

    /// <summary>Whether its outcome can still be written.</summary>
    [JsonIgnore]
    public bool IsOpen => Outcome == AuditOutcome.Unknown && Status is null;

    /// <summary>An id for a line that begins now.</summary>
    public static string NewId(DateTimeOffset at) => Guid.CreateVersion7(at).ToString("n");

    /// <summary>Whether an id has the form of <see cref="NewId"/>.</summary>
    public static bool IsId(string? id) => id is { Length: 32 } && id.All(char.IsAsciiHexDigitLower);

    /// <summary>What all ids of lines from this time on are at least, and those of earlier ones below.</summary>
    public static string FirstId(DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture, $"{Math.Max(0, at.ToUnixTimeMilliseconds()):x12}00000000000000000000");

    /// <summary>The line with its outcome. What the end tells beside it fills in what was not known, unless the customer was erased meanwhile.</summary>
    public AuditLine With(AuditEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        var ended = this with { Outcome = end.Outcome, Status = end.Status };
        return CustomerId is not null && CustomerId != end.CustomerId
            ? ended
            : ended with { CustomerId = end.CustomerId, Target = Target ?? end.Target, Detail = Detail ?? end.Detail };
    }

    /// <summary>The line with a hash in place of what tells whose it is.</summary>
    public AuditLine Redacted(string hash) => this with { CustomerId = hash, Target = Target is null ? null : hash, Detail = null };

    // A version 7 UUID begins with its time.
    private static DateTimeOffset TimeOf(string id) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id.AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}

/// <summary>How an act ended.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="CustomerId">The customer that it was about, whether known from the beginning or only now; null for none.</param>
/// <param name="Target">What it was done to, where that was not known before.</param>
/// <param name="Detail">What else is to be known of it, where that was not known before.</param>
public sealed record AuditEnd(
    AuditOutcome Outcome, int Status, string? CustomerId = null, string? Target = null, string? Detail = null);
