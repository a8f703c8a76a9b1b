using StackExchange.Redis;

namespace Kapso.Silo.Index;

/// <summary>What is to be brought up to date after a customer's connection was written.</summary>
/// <param name="Customer">Whose it is.</param>
/// <param name="Row">The row as it is now; null to leave it.</param>
/// <param name="Entries">Due entries, each with its new time in milliseconds since 1970; null to forget it.</param>
internal sealed record IndexTail(string Customer, string? Row, IReadOnlyList<(string Entry, long? At)> Entries)
{
    public void AddTo(List<RedisValue> arguments)
    {
        arguments.Add(Customer);
        arguments.Add(Row ?? "");
        arguments.Add(Entries.Count);
        foreach (var (entry, at) in Entries)
        {
            arguments.Add(entry);
            arguments.Add(at is { } time ? time : "");
        }
    }
}
