namespace Kapso.Simulator.Hosting;

/// <summary>Where in a host the simulator is.</summary>
internal sealed class Mounting(SimulatorOptions options, IHttpContextAccessor accessor)
{
    /// <summary>The path that it is mounted at: empty, or with a slash in front and none behind.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The path of its front page for the browser that asks, without a slash behind.</summary>
    public string Base => Request.PathBase + Prefix;

    /// <summary>The address that setup links begin with.</summary>
    public string PublicUrl => options.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? $"{Request.Scheme}://{Request.Host}{Base}";

    private HttpRequest Request => accessor.HttpContext!.Request;
}
