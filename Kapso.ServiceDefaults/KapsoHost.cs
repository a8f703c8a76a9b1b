using Kapso.Engines.Contract;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.ServiceDefaults;

/// <summary>Runs a host, and says in plain words why it does not start.</summary>
public static partial class KapsoHost
{
    /// <summary>Runs until the host is stopped.</summary>
    /// <param name="build">Makes the host from its settings, which are not looked at before.</param>
    /// <param name="configure">What is done with the host between its building and its start.</param>
    /// <typeparam name="THost">A web application or another host.</typeparam>
    /// <returns>The process's exit code: 0 after a stop, 1 where it did not start.</returns>
    public static async Task<int> RunAsync<THost>(Func<THost> build, Action<THost> configure)
        where THost : IHost
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(configure);

        IHost? host = null;
        try
        {
            var built = build();
            host = built;
            host.Services.GetService<IStartupValidator>()?.Validate();
            configure(built);
            await host.StartAsync();
        }
        catch (Exception exception) when (Explain(exception) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            await DisposeAsync(host);
            return 1;
        }
        catch (OperationCanceledException) when (IsStopping(host))
        {
            // Asked to stop before it had started, as a host that waits for others at its start can be.
            await host!.StopAsync();
            await DisposeAsync(host);
            return 0;
        }

        LogStarted(
            host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(KapsoHost)),
            host.Services.GetRequiredService<IHostEnvironment>().EnvironmentName);
        await host.WaitForShutdownAsync();
        await DisposeAsync(host);
        return 0;
    }

    /// <summary>The reason in words for whoever started it; null for a fault of the program.</summary>
    private static string? Explain(Exception exception) => exception switch
    {
        OptionsValidationException mistakes => Describe([.. mistakes.Failures]),
        AggregateException several when several.InnerExceptions.All(one => one is OptionsValidationException) =>
            Describe([.. several.InnerExceptions.SelectMany(one => ((OptionsValidationException)one).Failures)]),

        // A file of settings that is no JSON: the framework says which, and the cause says where in it.
        InvalidDataException file => $"Kapso does not start: {file.Message} {file.GetBaseException().Message}",

        // A value of the framework's or of Orleans that is of the wrong type (its setting is named), an address that is none, or the port or
        // the store is taken, not writable or from a newer version: the message says what to do.
        IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or EngineUnavailableException =>
            $"Kapso does not start: {exception.Message}",
        _ => null,
    };

    private static string Describe(IReadOnlyList<string> mistakes) => string.Join(
        Environment.NewLine,
        [
            mistakes.Count == 1 ? "Kapso does not start: one setting is wrong." : $"Kapso does not start: {mistakes.Count} settings are wrong.",
            .. mistakes.Select(mistake => $"  - {mistake}"),
            "Settings come from appsettings.json, environment variables (Kapso__PublicUrl for Kapso:PublicUrl) or the command line.",
            "To try Kapso without settings, start it with ASPNETCORE_ENVIRONMENT=Development.",
        ]);

    [LoggerMessage(1, LogLevel.Information, "Application started, in the environment {Environment}. Press Ctrl+C to stop it.")]
    private static partial void LogStarted(ILogger logger, string environment);

    private static bool IsStopping(IHost? host) =>
        host?.Services.GetService<IHostApplicationLifetime>()?.ApplicationStopping.IsCancellationRequested == true;

    private static async ValueTask DisposeAsync(IHost? host)
    {
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            host?.Dispose();
    }
}
