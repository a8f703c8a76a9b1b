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
        if (context.GetEndpoint() is not RouteEndpoint { RoutePattern.PathSegments: { Count: <= MaxSegments } pattern })
            return;

        Span<Range> segments = stackalloc Range[MaxSegments + 1];
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = target.AsSpan(0, target.AsSpan().IndexOf('?') is >= 0 and var query ? query : target.Length).TrimEnd('/');
        var count = path.StartsWith('/') && path.Contains('%') ? path[1..].Split(segments, '/') : 0;

        // Only where it is the path that was matched, behind where the service is mounted: dots and such were taken out otherwise. A proxy
        // may have taken away what it is mounted at.
        var mounted = count - pattern.Count;
        var isMatched = count > 0 && (mounted == 0 || mounted == context.Request.PathBase.Value.AsSpan().Count('/'));
        for (var i = 0; i < pattern.Count; i++)
        {
            if (pattern[i].Parts is [RoutePatternParameterPart { IsCatchAll: false } parameter]
                && context.Request.RouteValues.TryGetValue(parameter.Name, out var value) && value is string decoded)
                context.Request.RouteValues[parameter.Name] = Id(isMatched ? Uri.UnescapeDataString(path[1..][segments[mounted + i]]) : decoded);
        }
    }

    private static string Id(string segment) => segment switch
    {
        " ." => ".",
        " .." => "..",
        _ => segment,
    };
}
