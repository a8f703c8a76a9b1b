using System.Net;
using Kapso.ServiceDefaults;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Kapso.Simulator.Hosting;

/// <summary>The host of its own: <c>dotnet run --project Kapso.Simulator</c>.</summary>
internal static class SimulatorProgram
{
    private const string DefaultUrl = "http://127.0.0.1:5090";

    public static async Task<int> Main(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var urls = builder.Configuration["urls"] is { Length: > 0 } configured ? configured : DefaultUrl;
        if (urls.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(url => !IsLoopback(url)) is { } open)
        {
            await Console.Error.WriteLineAsync($"The simulator listens on this machine only: expected an address such as {DefaultUrl}, found {open}.");
            return 1;
        }

        builder.WebHost.UseUrls(urls);
        builder.AddServiceDefaults();
        builder.AddHostDefaults();
        builder.Services.AddKapsoSimulator(options => builder.Configuration.GetSection(SimulatorOptions.Section).Bind(options));
        var app = builder.Build();
        try
        {
            app.MapKapsoSimulator();
            app.MapDefaultEndpoints();
            await app.StartAsync();
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            await Console.Error.WriteLineAsync($"The simulator does not start: {exception.Message}");
            await app.DisposeAsync();
            return 1;
        }

        await using (app)
        {
            await Console.Out.WriteLineAsync(Describe(app));
            await app.WaitForShutdownAsync();
        }

        return 0;
    }

    private static string Describe(WebApplication app)
    {
        var options = app.Services.GetRequiredService<SimulatorOptions>();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? DefaultUrl;
        return $"""

            A simulated Kapso platform: open {address}

              Kapso:Platform:BaseUrl               {address}
              Kapso:Projects:0:Id                  {options.ProjectId}
              Kapso:Projects:0:ApiKey              {options.ApiKey}
              Kapso:Projects:0:WebhookSecrets:0    {options.WebhookSecret}
              seed                                 {options.Seed}

            """;
    }

    private static bool IsLoopback(string url)
    {
        var host = BindingAddress.Parse(url).Host;
        return host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
