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
        var urls = variable("ASPNETCORE_URLS") ?? variable("URLS");
        if (First(urls) is not { } url)
            return new Uri($"http://localhost:{First(variable("ASPNETCORE_HTTP_PORTS") ?? variable("HTTP_PORTS")) ?? "5000"}");

        // For all addresses: +, *, 0.0.0.0 and [::]. It is only asked from the same machine.
        var listens = BindingAddress.Parse(url);
        var host = listens.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : listens.Host;
        return new Uri($"{listens.Scheme}://{host}:{listens.Port}{listens.PathBase}");
    }

    private static async Task<int> AskAsync(string path)
    {
        var address = FindAddress(Environment.GetEnvironmentVariable);
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri(address.AbsoluteUri.TrimEnd('/') + path));
            Console.WriteLine(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{address} does not answer: {exception.Message}");
            return 1;
        }
    }

    private static string? First(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
}
