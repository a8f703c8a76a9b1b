namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// One entry of the index of due times. Every activation of a customer's grain has an entry of its own, so that none can
/// take away the entry of another that is about to write.
/// </summary>
/// <param name="Text">The entry as kept.</param>
/// <param name="CustomerId">Whom to look at.</param>
internal readonly record struct DueEntry(string Text, string CustomerId)
{
    /// <summary>The entry of a new activation.</summary>
    public static string Of(string customerId) =>
        $"{customerId}{StoreKeys.Separator}{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8))}";

    public static DueEntry Read(string text)
    {
        var end = text.IndexOf(StoreKeys.Separator, StringComparison.Ordinal);
        return new DueEntry(text, end < 0 ? text : text[..end]);
    }
}
