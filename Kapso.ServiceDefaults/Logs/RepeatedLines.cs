using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kapso.ServiceDefaults.Logs;

/// <summary>
/// Lets the same warning or error through once a minute: what fails for every delivery, or every second, while something is
/// away is told as often as a person reads. The same are two lines of one event in the same words for one project, with the same
/// kind of exception (several classes may write to one log, and number their events each for itself). What the web framework says of requests is left alone, and so is all that is critical.
/// </summary>
internal sealed class RepeatedLines(TimeProvider time) : LoggingSampler
{
    private const string Project = "ProjectId";
    private const string Words = "{OriginalFormat}";

    // A little less than a minute: what a timer tells once a minute may come early by a hair.
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(59);
    private static readonly string[] Categories = ["Kapso.", "Orleans.", "Microsoft.AspNetCore.DataProtection."];

    private readonly ConcurrentDictionary<Line, long> _told = new();

    /// <inheritdoc/>
    public override bool ShouldSample<TState>(in LogEntry<TState> logEntry)
    {
        if (logEntry.LogLevel is not (LogLevel.Warning or LogLevel.Error) || !IsOurs(logEntry.Category))
            return true;

        var line = new Line(
            logEntry.Category, logEntry.EventId, FieldOf(logEntry.State, Words), logEntry.LogLevel, logEntry.Exception?.GetType(),
            FieldOf(logEntry.State, Project));
        var now = time.GetTimestamp();
        while (!_told.TryAdd(line, now))
        {
            if (!_told.TryGetValue(line, out var told) || time.GetElapsedTime(told, now) < BetweenLines)
                return false;
            if (_told.TryUpdate(line, now, told))
                return true;
        }

        return true;
    }

    private static bool IsOurs(string category) =>
        Array.Exists(Categories, own => category.StartsWith(own, StringComparison.Ordinal));

    private static string? FieldOf<TState>(TState state, string field)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> fields)
            return null;
        foreach (var (name, value) in fields)
        {
            if (name == field)
                return value as string;
        }

        return null;
    }

    private readonly record struct Line(string Category, EventId Event, string? Words, LogLevel Level, Type? Exception, string? ProjectId);
}
