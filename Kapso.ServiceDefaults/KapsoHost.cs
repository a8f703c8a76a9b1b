using Kapso.Engines.Contract;
using Kapso.Engines.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.ServiceDefaults;

/// <summary>Runs a host, says in plain words why it does not start or cannot go on, and ends it within its grace time.</summary>
public static partial class KapsoHost
{
    /// <summary>What is left of the grace time for ending without those who do not come to an end.</summary>
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the host is stopped, or reports that it cannot go on (<see cref="ProcessFailure"/>).</summary>
    /// <param name="build">Makes the host from its settings, which are not looked at before.</param>
    /// <param name="configure">What is done with the host between its building and its start.</param>
    /// <typeparam name="THost">A web application or another host.</typeparam>
    /// <returns>The process's exit code: 0 after a stop, 1 where it did not start or could not go on.</returns>
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
            if (await UntilFailureAsync(host, host.StartAsync()) is { } refusal)
            {
                await Console.Error.WriteLineAsync($"Kapso does not start: {refusal}");
                return 1;
            }
        }
        catch (Exception exception) when (Explain(exception) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            await DisposeAsync(host);
            return 1;
        }
        catch (Exception exception) when (IsStopping(host) && IsCancellation(exception))
        {
            // Asked to stop before it had started, as a host that waits for others at its start can be.
            return await StopAsync(host!);
        }

        var logger = LoggerOf(host);
        LogStarted(logger, host.Services.GetRequiredService<IHostEnvironment>().EnvironmentName);
        if (await UntilFailureAsync(host, UntilStoppingAsync(host)) is { } failure)
        {
            LogFailed(logger, failure);
            host.Services.GetRequiredService<ILoggerFactory>().Dispose(); // Writes what waits to be written.
            return 1;
        }

        var failed = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });
        await StopAsync(host);
        return failed ? 1 : 0;
    }

    /// <summary>Waits for a task; the sentence of a failure that was reported before it ended.</summary>
    private static async Task<string?> UntilFailureAsync(IHost host, Task task)
    {
        if (host.Services.GetService<ProcessFailure>()?.Reported is { } failure && await Task.WhenAny(failure, task) == failure)
            return await failure;
        await task;
        return null;
    }

    private static async Task UntilStoppingAsync(IHost host)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task;
    }

    /// <summary>
    /// Stops within the grace time, whatever is away. What has not come to its end by then is left as a crash would leave it, which loses
    /// nothing.
    /// </summary>
    private static async Task<int> StopAsync(IHost host)
    {
        var grace = host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
        using var enough = new CancellationTokenSource(grace - LastMoment);
        var ending = StopAndDisposeAsync(host, enough.Token);
        if (await Task.WhenAny(ending, Task.Delay(grace)) == ending)
            await ending;
        else
            await Console.Error.WriteLineAsync($"Kapso ends after {grace.TotalSeconds} s, its grace time, although not all of it has come to an end. Nothing is lost by that.");
        return 0;
    }

    private static async Task StopAndDisposeAsync(IHost host, CancellationToken enough)
    {
        try
        {
            await host.StopAsync(enough);
        }
        catch (Exception exception) when (enough.IsCancellationRequested)
        {
            LogCutOff(LoggerOf(host), exception.Message);
        }

        await DisposeAsync(host);
    }

    private static ILogger LoggerOf(IHost host) => host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(KapsoHost));

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

    [LoggerMessage(2, LogLevel.Critical, "Kapso ends, to be started anew: {Failure}")]
    private static partial void LogFailed(ILogger logger, string failure);

    [LoggerMessage(3, LogLevel.Warning, "Not all of it came to an end within the grace time; nothing is lost by that: {Why}")]
    private static partial void LogCutOff(ILogger logger, string why);

    private static bool IsStopping(IHost? host) =>
        host?.Services.GetService<IHostApplicationLifetime>()?.ApplicationStopping.IsCancellationRequested == true;

    /// <summary>Services that start side by side are given up side by side.</summary>
    private static bool IsCancellation(Exception exception) => exception is OperationCanceledException
        || (exception is AggregateException several && several.InnerExceptions.All(one => one is OperationCanceledException));

    private static async ValueTask DisposeAsync(IHost? host)
    {
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            host?.Dispose();
    }
}
