using Kapso.Connections.Engine;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Options;

namespace Kapso.Embedded.Hosting;

/// <summary>Runs the host, and says in plain words why it does not start.</summary>
internal static class KapsoHost
{
    /// <summary>Runs until the host is stopped.</summary>
    /// <returns>The process's exit code: 0 after a stop, 1 where it did not start.</returns>
    public static async Task<int> RunAsync(WebApplicationBuilder builder, Action<WebApplication> configure)
    {
        WebApplication? app = null;
        try
        {
            app = builder.Build();
            if (FindMistakes(app.Services) is { Count: > 0 } mistakes)
            {
                await Console.Error.WriteLineAsync(Describe(mistakes));
                return 1;
            }

            configure(app);
            await app.StartAsync();
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            await Console.Error.WriteLineAsync($"Kapso does not start: {exception.Message}");
            if (app is not null)
                await app.DisposeAsync();
            return 1;
        }

        await using (app)
            await app.WaitForShutdownAsync();
        return 0;
    }

    // The port or the store is taken, not writable or from a newer version: the message says what to do.
    private static bool IsExpected(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or InvalidOperationException or EngineUnavailableException;

    private static IReadOnlyList<string> FindMistakes(IServiceProvider services)
    {
        try
        {
            _ = services.GetRequiredService<IOptions<KapsoOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
        catch (InvalidOperationException exception)
        {
            // A value of the wrong type; the framework names the setting.
            return [exception.Message];
        }
    }

    private static string Describe(IReadOnlyList<string> mistakes) => string.Join(
        Environment.NewLine,
        [
            mistakes.Count == 1 ? "Kapso does not start: one setting is wrong." : $"Kapso does not start: {mistakes.Count} settings are wrong.",
            .. mistakes.Select(mistake => $"  - {mistake}"),
            "Settings come from appsettings.json, environment variables (Kapso__PublicUrl for Kapso:PublicUrl) or the command line.",
            "To try Kapso without settings, start it with ASPNETCORE_ENVIRONMENT=Development.",
        ]);
}
