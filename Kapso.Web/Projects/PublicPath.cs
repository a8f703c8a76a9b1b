using Kapso.Platform.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Projects;

/// <summary>
/// The path below which browsers and the platform reach this service: that of <c>Kapso:PublicUrl</c>, whether a proxy hands it on or
/// takes it away, and whatever it says of it in headers.
/// </summary>
internal sealed class PublicPath(IOptions<KapsoOptions> options)
{
    /// <summary>The path, without a slash at its end; empty where the service has a host of its own.</summary>
    public PathString Base { get; } = options.Value.PublicUrl is { } url && PathString.FromUriComponent(url) is var path
        ? new PathString(path.Value?.TrimEnd('/'))
        : PathString.Empty;

    /// <summary>What a page of ours is linked by.</summary>
    public string Of(string path) => Base + path;

    /// <summary>Makes every request one below the path.</summary>
    public void Apply(HttpRequest request)
    {
        if (!Base.HasValue)
            return;
        if (request.Path.StartsWithSegments(Base, out var rest))
            request.Path = rest;
        request.PathBase = Base;
    }
}
