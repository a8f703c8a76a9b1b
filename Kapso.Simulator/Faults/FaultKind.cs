namespace Kapso.Simulator.Faults;

/// <summary>What can go wrong.</summary>
public enum FaultKind
{
    /// <summary>A webhook delivery is sent twice, with the same idempotency key.</summary>
    Duplicate,

    /// <summary>A webhook delivery is sent late: up to two minutes.</summary>
    Delay,

    /// <summary>A webhook delivery waits until a later event has gone first, at most 30 seconds.</summary>
    Reorder,

    /// <summary>A webhook delivery is never sent.</summary>
    DropWebhook,

    /// <summary>The browser never comes back.</summary>
    DropRedirect,

    /// <summary>The browser comes back before the webhook is sent.</summary>
    RedirectFirst,

    /// <summary>The API shows a change late: up to 90 seconds.</summary>
    LaggingApi,

    /// <summary>The API answers 429.</summary>
    TooManyRequests,

    /// <summary>The API answers 5xx, having done what was asked for or not.</summary>
    ServerError,

    /// <summary>The API does what was asked for and closes the connection.</summary>
    LostAnswer,

    /// <summary>The API takes a message and does not answer.</summary>
    TimeoutAfterAccepting,

    /// <summary>The API does what was asked for and answers with an empty, cut off or foreign body.</summary>
    BrokenBody,
}
