namespace Kapso.Platform.Api;

/// <summary>How a call to the platform's API ended.</summary>
public enum PlatformOutcome
{
    /// <summary>The platform answered with what was asked for.</summary>
    Done,

    /// <summary>The platform refused it for good: the same call gets the same answer.</summary>
    Refused,

    /// <summary>It did not take effect: never sent, or turned away. It may be made again later.</summary>
    Unavailable,

    /// <summary>
    /// It was sent and may have taken effect: reset, timed out, 5xx, or an answer that makes no sense. Only calls that change
    /// something end like this. Look first, then decide.
    /// </summary>
    Unknown,
}
