using System.Globalization;
using Kapso.Api.Hosting;
using Kapso.Engines.Orleans;
using Kapso.Engines.Orleans.Hosting;
using Kapso.Engines.Transfer;
using Kapso.Platform.Settings;
using Kapso.Platform.Validation;
using Kapso.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Kapso.Api.Transfer;

/// <summary>
/// <c>import --in FILE</c>: takes what <c>Kapso.Embedded export</c> wrote into the cluster. Can be repeated: customers
/// that the cluster knows are left as they are.
/// </summary>
internal static class ImportCommand
{
    /// <summary>The first argument that asks for it.</summary>
    public const string Name = "import";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs it.</summary>
    /// <param name="args">The arguments behind the name.</param>
    /// <returns>0 where all of it was taken in, 1 where not, 2 for arguments that it does not know.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ["--in", var file])
        {
            await Console.Error.WriteLineAsync($"Usage: {Name} --in connections.jsonl");
            return 2;
        }

        try
        {
            // Before anything is written: a file that was cut off is told by its end.
            var whole = Check(file);
            Say($"{file} is whole: {whole.Customers:N0} customers, {whole.Parked:N0} parked deliveries, {whole.Hints:N0} unclaimed hints, {whole.Audit ?? 0:N0} lines of the audit.");
            using var host = await StartAsync();
            var import = new Import(host.Services.GetRequiredService<ClusterEngine>(), Say);
            using var stream = File.OpenRead(file);
            await import.RunAsync(TransferFile.Read(stream), whole, CancellationToken.None);
            await host.StopAsync();
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TransferException
            or InvalidOperationException or EngineUnavailableException or TimeoutException
            or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync($"The import is not complete: {exception.Message}");
            await Console.Error.WriteLineAsync("It can be run again: what was taken in is left as it is.");
            return 1;
        }
    }

    private static TransferEnd Check(string file)
    {
        using var stream = File.OpenRead(file);
        return (TransferEnd)TransferFile.Read(stream).Last();
    }

    private static async Task<IHost> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.AddHostDefaults();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        var reading = SettingsReading.Of(builder.Configuration);
        if (reading.Mistakes.Count > 0)
            throw new OptionsValidationException(KapsoOptions.Section, typeof(KapsoOptions), reading.Mistakes);
        builder.Services.AddOptions<KapsoOptions>().Configure(reading.Fill);
        builder.AddClusterRedis();
        builder.Services.AddEngineSettings<ClusterEngineOptions>();
        builder.AddClusterEngine(tracesCalls: false);

        var host = builder.Build();
        using var stop = new CancellationTokenSource(Patience);
        try
        {
            await host.StartAsync(stop.Token);
            return host;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            host.Dispose();
            throw new TimeoutException($"no silo answered within {Patience.TotalSeconds} s. Start the cluster, and see that this is its Redis.");
        }
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
