using System.Net;
using System.Text.Json;
using Kapso.AppHost.Settings;

namespace Kapso.AppHost.Commands;

/// <summary>Replays the parked deliveries that wait, oldest first, and says what remains and why.</summary>
internal static class ReplayParked
{
    /// <summary>How many a command looks at; it can be run again.</summary>
    private const int Most = 500;

    /// <summary>Replays them.</summary>
    public static async Task<ExecuteCommandResult> RunAsync(HttpCommandResultContext context, KapsoSettings settings)
    {
        if (!context.Response.IsSuccessStatusCode)
            return await context.Response.ShowAsync("Parked deliveries", context.CancellationToken);

        var (replayed, remain) = (0, new List<(string Reason, string Why)>());
        var page = await context.Response.ReadAsync(context.CancellationToken);
        while (true)
        {
            foreach (var parked in page.GetProperty("items").EnumerateArray())
            {
                var (why, answered) = await TryAsync(context, settings, parked);
                if (!answered)
                    return Failure(why!, replayed, remain);
                if (why is null)
                    replayed++;
                else
                    remain.Add((parked.GetProperty("reason").GetString()!, why));
            }

            if (page.GetProperty("next_cursor").GetString() is not { } cursor)
                return Success(Said(replayed, remain) is { Length: > 0 } said ? said : "Nothing is parked.", replayed, remain);
            if (replayed + remain.Count >= Most)
                return Success($"{Said(replayed, remain)} There are more: run it again.", replayed, remain);

            using var next = await context.CallAsync(HttpMethod.Get, $"parked?cursor={Uri.EscapeDataString(cursor)}", settings);
            if (!next.IsSuccessStatusCode)
                return Failure($"{(int)next.StatusCode} {next.ReasonPhrase}", replayed, remain);
            page = await next.ReadAsync(context.CancellationToken);
        }
    }

    /// <summary>Replays one; says why it remains, where it does.</summary>
    private static async Task<(string? Why, bool Answered)> TryAsync(HttpCommandResultContext context, KapsoSettings settings, JsonElement parked)
    {
        if (parked.GetProperty("discard_only").GetBoolean())
            return ($"{parked.GetProperty("detail").GetString()} It can only be discarded.", true);

        using var answer = await context.CallAsync(
            HttpMethod.Post, $"parked/{Uri.EscapeDataString(parked.GetProperty("id").GetString()!)}/replay", settings);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => (null, true),
            HttpStatusCode.Conflict or HttpStatusCode.NotFound =>
                ((await answer.ReadAsync(context.CancellationToken)).GetProperty("detail").GetString(), true),
            var status => ($"{(int)status} {answer.ReasonPhrase}", false),
        };
    }

    private static string Said(int replayed, List<(string Reason, string Why)> remain) =>
        replayed + remain.Count == 0 ? "" : $"{replayed} folded in, {remain.Count} remain.";

    private static ExecuteCommandResult Success(string what, int replayed, List<(string Reason, string Why)> remain) =>
        CommandResults.Success(what, Json(replayed, remain), CommandResultFormat.Json, displayImmediately: true);

    private static ExecuteCommandResult Failure(string why, int replayed, List<(string Reason, string Why)> remain) =>
        CommandResults.Failure($"Given up: {why}. {Said(replayed, remain)}".TrimEnd(), Json(replayed, remain), CommandResultFormat.Json);

    private static string Json(int replayed, List<(string Reason, string Why)> remain) => Readable.Write(new
    {
        replayed,
        remain = remain.CountBy(one => one).Select(one => new { reason = one.Key.Reason, why = one.Key.Why, deliveries = one.Value }),
    });
}
