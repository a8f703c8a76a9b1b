using System.Diagnostics.CodeAnalysis;

namespace Kapso.Platform.Api;

/// <summary>The end of one call to the platform's API.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public sealed record PlatformAnswer<T>
    where T : class
{
    /// <summary>How it ended.</summary>
    public required PlatformOutcome Outcome { get; init; }

    /// <summary>What was asked for, where it is done.</summary>
    public T? Value { get; init; }

    /// <summary>The answer's status code, where there was an answer.</summary>
    public int? Status { get; init; }

    /// <summary>The platform's (or Meta's) error code, e.g. <c>131047</c> or <c>insufficient_credits</c>, where it gave one.</summary>
    public string? Code { get; init; }

    /// <summary>The platform's own words for a refusal, as plain text; empty where it gave none.</summary>
    public string Words { get; init; } = "";

    /// <summary>Whether it is the project's API key that is refused, and not the call.</summary>
    public bool IsKeyRefused { get; init; }

    /// <summary>What came, in words for people: no key, no URL, no token, no number in full. Empty where it is done.</summary>
    public string Error { get; init; } = "";

    /// <summary><see cref="Error"/>, with what a person who asked can do about it where the platform's words do not say.</summary>
    public string Advised => (Status, Words.Length > 0) switch
    {
        _ when Outcome != PlatformOutcome.Refused || IsKeyRefused || Status is null or < 400 => Error,
        (404, true) => $"{Error} Under this project's ApiKey the platform knows nothing by this id: check it.",
        (404, false) => $"{Error} It does not say what is missing: check the id, and Kapso:Platform:BaseUrl.",
        (409, true) => $"{Error} It clashes with what is there: look at it at the platform, then ask again.",
        (409, false) => $"{Error} It does not say with what this clashes: look at it at the platform, then ask again.",
        (403, false) => $"{Error} It does not say why: this may be a proxy's answer, or the plan's or the ApiKey's limits.",
        (_, false) => $"{Error} It does not say why: check what was sent against its documentation.",
        _ => Error,
    };

    /// <summary>Earliest time until the next attempt, where the platform or the budget named one.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>When it was answered by the platform's clock, in whole seconds; null where there was no answer that says so.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Whether <see cref="Value"/> is there.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsDone => Outcome == PlatformOutcome.Done;

    /// <summary>The same end, of a call that something else was asked for with.</summary>
    internal PlatformAnswer<TOther> Failed<TOther>()
        where TOther : class => new()
        {
            Outcome = Outcome,
            Status = Status,
            Code = Code,
            Words = Words,
            IsKeyRefused = IsKeyRefused,
            Error = Error,
            RetryAfter = RetryAfter,
        };
}
