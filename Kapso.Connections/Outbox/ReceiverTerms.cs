using System.Collections.Immutable;

namespace Kapso.Connections.Outbox;

/// <summary>What decisions need to know of one of the company's receivers of notifies.</summary>
/// <param name="Id">Its id in the project.</param>
public sealed record ReceiverTerms(string Id)
{
    /// <summary>The id of the receiver that <c>Kapso:Notify:Url</c> names, whose notifies earlier versions stored.</summary>
    public const string DefaultId = "default";

    /// <summary>The receiver that is told of everything.</summary>
    public static ReceiverTerms Default { get; } = new(DefaultId);

    /// <summary>What it is told; empty for everything.</summary>
    public ImmutableArray<NotifyType> Types { get; init; } = [];

    /// <summary>It is told only of customers with this <c>key:value</c>; null for all.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether nothing is sent to it for now: what is told waits as held.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>Whether it was taken away: what waits for it is dropped.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Whether it is to be told of a change.</summary>
    public bool Wants(NotifyType type, CustomerTags? tags) =>
        !IsRemoved && (Types.IsEmpty || Types.Contains(type)) && (Tag is null || tags?.Has(Tag) == true);

    /// <summary>The id as effects carry it: null for the default.</summary>
    internal string? StoredId => Id == DefaultId ? null : Id;
}
