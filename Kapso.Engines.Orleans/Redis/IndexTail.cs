using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>What is to be brought up to date after a customer's connection was written.</summary>
/// <param name="Customer">Whose it is.</param>
/// <param name="Row">The row as it is now; null to leave it.</param>
/// <param name="Operations">Entries that are taken out, or all of them anew: see <see cref="IndexOperations"/>.</param>
/// <param name="Entries">Due entries, each with its new time in milliseconds since 1970; null to forget it.</param>
internal sealed record IndexTail(
    string Customer, string? Row, IReadOnlyCollection<IndexOperation> Operations, IReadOnlyList<(string Entry, long? At)> Entries)
{
    public bool IsEmpty => Row is null && Operations.Count == 0 && Entries.Count == 0;

    public void AddTo(List<RedisValue> arguments)
    {
        arguments.Add(Customer);
        arguments.Add(Row ?? "");
        arguments.Add(Operations.Count);
        foreach (var (name, subject) in Operations)
        {
            arguments.Add(name);
            arguments.Add(subject);
        }

        arguments.Add(Entries.Count);
        foreach (var (entry, at) in Entries)
        {
            arguments.Add(entry);
            arguments.Add(at is { } time ? time : "");
        }
    }
}
