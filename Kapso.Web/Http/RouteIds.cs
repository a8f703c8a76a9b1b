using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Kapso.Web.Http;

/// <summary>
/// Reads the ids in a path as they were sent. A server decodes all of a path but its encoded slashes, so that in what it hands on
/// the id <c>a/b</c> and the id <c>a%2Fb</c> are the same. Comes after routing, which matches them alike.
/// </summary>
/// <remarks>
/// Clients and servers take a segment <c>.</c> or <c>..</c> out of a path, and one of <c>%2E</c> as well. So these two ids are written
/// with a blank before them, <c>%20.</c> and <c>%20..</c>: no id begins with one.
/// </remarks>
internal static class RouteIds
{
    private const int MaxSegments = 32;

    public static void Read(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestFeature>()?.RawTarget is not { Length: > 0 } target || !target.Contains('%', StringComparison.Ordinal)
            || context.GetEndpoint() is not RouteEndpoint { RoutePattern.PathSegments: { Count: <= MaxSegments } pattern })
            return;

        Span<Range> segments = stackalloc Range[MaxSegments + 1];
        var path = target.AsSpan(0, target.AsSpan().IndexOf('?') is >= 0 and var query ? query : target.Length).TrimEnd('/');
        var count = path.StartsWith('/') ? path[1..].Split(segments, '/') : 0;

        // Only where it is the path that was matched, behind where the service is mounted: dots and such were taken out otherwise.
        var mounted = count - pattern.Count;
        if (mounted != context.Request.PathBase.Value.AsSpan().Count('/'))
            return;
        for (var i = 0; i < pattern.Count; i++)
        {
            if (pattern[i].Parts is [RoutePatternParameterPart { IsCatchAll: false } parameter] && context.Request.RouteValues.ContainsKey(parameter.Name))
                context.Request.RouteValues[parameter.Name] = Id(path[1..][segments[mounted + i]]);
        }
    }

    private static string Id(ReadOnlySpan<char> segment) => Uri.UnescapeDataString(segment) switch
    {
        " ." => ".",
        " .." => "..",
        var id => id,
    };
}
