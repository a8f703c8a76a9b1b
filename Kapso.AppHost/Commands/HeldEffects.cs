namespace Kapso.AppHost.Commands;

/// <summary>The effects that wait for a person, since nobody knows whether they took effect.</summary>
internal static class HeldEffects
{
    /// <summary>Shows them.</summary>
    public static async Task<ExecuteCommandResult> ShowAsync(HttpCommandResultContext context)
    {
        if (!context.Response.IsSuccessStatusCode)
            return await context.Response.ShowAsync("Held effects", context.CancellationToken);
        var held = (await context.Response.ReadAsync(context.CancellationToken)).GetProperty("items").GetArrayLength();
        return await context.Response.ShowAsync(held == 0 ? "No effect is held." : $"{held} held.", context.CancellationToken);
    }
}
