using Kapso.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Projects;

/// <summary>Where browsers reach this service.</summary>
internal static class Origins
{
    /// <summary>The configured one; where there is none (in Development), the one that the request came to. Without a slash at its end.</summary>
    public static string OriginOf(this KapsoOptions options, HttpRequest request) =>
        (options.PublicUrl?.AbsoluteUri ?? $"{request.Scheme}://{request.Host}").TrimEnd('/');
}
