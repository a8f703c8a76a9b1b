namespace Kapso.Embedded.Demonstration;

/// <summary>The address at which this machine reaches the server.</summary>
internal static class LocalAddress
{
    // What the framework listens on where nothing is said.
    private const string Default = "http://localhost:5000";

    /// <summary>From where the server is going to listen; null where that is left to chance, or to a part of the settings of its own.</summary>
    public static string? Find(IConfiguration configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            return null;
        var urls = configuration["urls"] is { Length: > 0 } said ? said
            : configuration["http_ports"] is { Length: > 0 } ports ? string.Join(';', ports.Split(';').Select(port => $"http://*:{port}"))
            : Default;
        return Of(urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    /// <summary>From where the server listens: http before https; null where there is nothing, or a port is left to chance.</summary>
    public static string? Of(IEnumerable<string> addresses)
    {
        // A host such as 0.0.0.0 or [::] is where the server listens, not where it is reached.
        var all = addresses.Select(BindingAddress.Parse).ToArray();
        var address = all.FirstOrDefault(one => one.Scheme == Uri.UriSchemeHttp) ?? all.FirstOrDefault();
        if (address is null or { Port: 0 })
            return null;
        var host = address.Host is "0.0.0.0" or "[::]" or "+" or "*" ? "127.0.0.1" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}";
    }
}
