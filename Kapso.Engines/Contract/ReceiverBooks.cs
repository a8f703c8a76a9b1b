using System.Collections.Concurrent;

namespace Kapso.Engines.Contract;

/// <summary>The receivers of each project as this process goes by them: what the engine last read or wrote. Read by all, set by the engine.</summary>
public sealed class ReceiverBooks
{
    private readonly ConcurrentDictionary<string, ReceiverBook> _books = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (ReceiverBook Book, ConnectionPolicy Plain, ConnectionPolicy Policy)> _policies =
        new(StringComparer.Ordinal);

    private static ReceiverBook Nobody { get; } = new();

    /// <summary>The project's receivers.</summary>
    public ReceiverBook Of(string projectId) => _books.GetValueOrDefault(projectId) ?? Nobody;

    /// <summary>Sets the project's receivers.</summary>
    public void Set(string projectId, ReceiverBook book) => _books[projectId] = book;

    /// <summary>The project's policy with its receivers as they are now.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="policy">The policy that the settings make, always the same one.</param>
    public ConnectionPolicy Complete(string projectId, ConnectionPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var book = Of(projectId);
        if (_policies.TryGetValue(projectId, out var known) && ReferenceEquals(known.Book, book) && ReferenceEquals(known.Plain, policy))
            return known.Policy;
        var complete = book.Receivers.IsEmpty ? policy : policy with { Receivers = book.Terms(policy.Receivers) };
        _policies[projectId] = (book, policy, complete);
        return complete;
    }
}
