namespace Kapso.Connections.Redirects;

/// <summary>Where browsers come after a setup, below the service's public URL; with a state, one segment further down.</summary>
public static class RedirectPaths
{
    /// <summary>After a setup that went well.</summary>
    public const string Success = "/whatsapp/success";

    /// <summary>After a setup that failed.</summary>
    public const string Failure = "/whatsapp/failed";
}
