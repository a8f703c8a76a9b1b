namespace Kapso.Engines.Orleans.Redis;

/// <summary>One entry that is put into the indexes or taken out of them, in the words of <see cref="EntryScript"/>.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Subject">The entry, as the index has it.</param>
internal readonly record struct IndexOperation(string Name, string Subject)
{
    private const string Removal = "no-";

    /// <summary>Whether an entry is taken out.</summary>
    public bool IsRemoval => Name.StartsWith(Removal, StringComparison.Ordinal);

    /// <summary>Takes the entry out that this puts in.</summary>
    public IndexOperation Reverse() => this with { Name = Removal + Name };
}
