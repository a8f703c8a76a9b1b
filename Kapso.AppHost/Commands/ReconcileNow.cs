using System.Text.Json;
using Kapso.AppHost.Settings;

namespace Kapso.AppHost.Commands;

/// <summary>Waits for the full pass of reconciliation that was asked for, and shows how it ended.</summary>
internal static class ReconcileNow
{
    /// <summary>A pass that asks for numbers that are missing takes two minutes and more. Who runs a command is not kept as long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>Shows what came of it, or where it stands.</summary>
    public static async Task<ExecuteCommandResult> ShowAsync(HttpCommandResultContext context, KapsoSettings settings)
    {
        if (!context.Response.IsSuccessStatusCode)
            return await context.Response.ShowAsync("Reconciliation", context.CancellationToken);

        var asked = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var answer = await context.CallAsync(HttpMethod.Get, "reconciliation", settings);
            if (!answer.IsSuccessStatusCode)
                return await answer.ShowAsync("Reconciliation", context.CancellationToken);
            var now = await answer.ReadAsync(context.CancellationToken);
            if (!IsUnderWay(now))
                return Show(now);
            if (TimeProvider.System.GetElapsedTime(asked) > Patience)
                return Shown("Reconciliation goes on; the overview of the operators' pages follows it.", now);
            await Task.Delay(BetweenLooks, context.CancellationToken);
        }
    }

    private static bool IsUnderWay(JsonElement now) =>
        now.GetProperty("full_wanted").GetBoolean()
        || now.GetProperty("running") is { ValueKind: JsonValueKind.Object } pass && pass.GetProperty("full").GetBoolean();

    private static ExecuteCommandResult Show(JsonElement now)
    {
        var last = now.GetProperty("last");
        if (last.GetProperty("error").GetString() is { } error)
            return CommandResults.Failure($"Reconciliation was given up: {error}", Readable.Indent(now.GetRawText()), CommandResultFormat.Json);

        var counts = last.GetProperty("counts");
        var alarms = now.GetProperty("alarms").EnumerateArray().Select(alarm => alarm.GetProperty("kind").GetString()).ToArray();
        return Shown(
            $"{counts.GetProperty("listed")} listed, {counts.GetProperty("applied")} were news, {counts.GetProperty("missing")} missing. "
            + (alarms.Length == 0 ? "No alarm." : $"Needs a person: {string.Join(", ", alarms)}."),
            now);
    }

    private static ExecuteCommandResult Shown(string what, JsonElement now) =>
        CommandResults.Success(what, Readable.Indent(now.GetRawText()), CommandResultFormat.Json, displayImmediately: true);
}
