namespace Kapso.Engines.Orleans.Calls;

/// <summary>
/// Marks a call that is made again because nothing was heard of it. Where the grain has done it by then, it gives the answer
/// that got lost, not that of a second delivery. Costs nothing but for calls that are made again.
/// </summary>
internal static class RepeatedCall
{
    private const string Key = "kapso.repeated";

    /// <summary>Whether the call that is being answered is one.</summary>
    public static bool IsThis => RequestContext.Get(Key) is true;

    /// <summary>Marks the calls that are made from here on, until the caller returns.</summary>
    public static void Mark() => RequestContext.Set(Key, true);
}
