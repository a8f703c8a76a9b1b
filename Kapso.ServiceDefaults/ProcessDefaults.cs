using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Kapso.ServiceDefaults;

/// <summary>How every process of the service behaves: its limits, its last seconds and its console.</summary>
public static class ProcessDefaults
{
    /// <summary>
    /// How long a stop waits for what is in flight: 10 s; 5 s in Development, where everything is stopped at once, Redis as well.
    /// </summary>
    public static TimeSpan GraceTimeIn(IHostEnvironment environment) =>
        TimeSpan.FromSeconds(environment.IsDevelopment() ? 5 : 10);

    /// <summary>Sets the grace time, the server's limits and one line of console for each entry of the log.</summary>
    public static IHostApplicationBuilder AddHostDefaults(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = GraceTimeIn(builder.Environment));
        builder.Services.Configure<KestrelServerOptions>(server =>
        {
            server.AddServerHeader = false;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            server.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        });

        ReportingServer.AddTo(builder.Services);

        // A request costs a system call less; a connection that is idle holds a buffer of 4 KiB for it.
        builder.Services.Configure<SocketTransportOptions>(transport => transport.WaitForDataBeforeAllocatingBuffer = false);

        // Logging:Console:FormatterName still chooses another formatter; without a name these options would not count.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName ??= ConsoleFormatterNames.Simple);
        builder.Services.Configure<SimpleConsoleFormatterOptions>(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "HH:mm:ss.fff'Z' ";
        });

        // A failed start is told by KapsoHost in one sentence; a crash while running is logged as critical.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        return builder;
    }
}
