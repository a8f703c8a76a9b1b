using Microsoft.AspNetCore.Http;

namespace Kapso.ServiceDefaults.Health;

/// <summary>
/// Asks the process that runs in the same container how it is. For the health checks of container engines: the images hold no other
/// program that could ask.
/// </summary>
public static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Runs it, where the command line is <c>health</c> (is it ready?) or <c>alive</c>, and nothing else.</summary>
    /// <param name="arguments">The command line.</param>
    /// <returns>0 where it is, 1 where it is not or does not answer within 5 s; null where the command line is another.</returns>
    public static async Task<int?> TryRunAsync(string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        string? path = arguments switch
        {
            ["health"] => HealthEndpoints.HealthPath,
            ["alive"] => HealthEndpoints.AlivenessPath,
            _ => null,
        };
        return path is null ? null : await AskAsync(path);
    }

    /// <summary>Where the process listens, by the variables that it reads itself, as it is reached from within.</summary>
    /// <param name="variable">The value of a variable of the environment.</param>
    internal static Uri FindAddress(Func<string, string?> variable)
    {
        var urls = Split(variable("ASPNETCORE_URLS") ?? variable("URLS"));
        if (urls.Length == 0)
            return new Uri($"http://localhost:{Split(variable("ASPNETCORE_HTTP_PORTS") ?? variable("HTTP_PORTS")).FirstOrDefault("5000")}");

        // For all addresses: +, *, 0.0.0.0 and [::]. It is only asked from the same machine.
        var listens = BindingAddress.Parse(urls.FirstOrDefault(url => url.StartsWith("http:", StringComparison.OrdinalIgnoreCase), urls[0]));
        var host = listens.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : listens.Host;
        return new Uri($"{listens.Scheme}://{host}:{listens.Port}");
    }

    private static async Task<int> AskAsync(string path)
    {
        // A proxy that the environment names is for others.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        try
        {
            var address = FindAddress(Environment.GetEnvironmentVariable);
            using var answer = await client.GetAsync(new Uri(address, path));
            Console.WriteLine(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or FormatException)
        {
            await Console.Error.WriteLineAsync($"The process does not answer: {exception.Message}");
            return 1;
        }
    }

    private static string[] Split(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
