namespace Kapso.Engines.Orleans.Calls;

/// <summary>How calls fail where what is stored of a customer cannot be read, which their grain has told in full.</summary>
internal static class UnreadableRecord
{
    private const string Words = "The connection cannot be read: ";

    /// <summary>What a call fails with.</summary>
    public static string Failure(string why) => Words + why;

    /// <summary>What a call failed with, for the log; null where the grain has told it already.</summary>
    public static Exception? Untold(Exception exception) =>
        exception.Message.StartsWith(Words, StringComparison.Ordinal) ? null : exception;
}
