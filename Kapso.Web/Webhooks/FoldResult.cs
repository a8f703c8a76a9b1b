namespace Kapso.Web.Webhooks;

/// <summary>What became of a delivery as a whole.</summary>
internal enum FoldResult
{
    /// <summary>Every observation is folded in.</summary>
    Folded,

    /// <summary>At least one observation finds no customer.</summary>
    UnknownCustomer,

    /// <summary>At least one connection has no room for another number.</summary>
    TooManyNumbers,

    /// <summary>The engine did not answer for at least one observation; it may still have landed.</summary>
    Unavailable,
}
