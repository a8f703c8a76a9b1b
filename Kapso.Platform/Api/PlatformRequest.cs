using Kapso.Engines.Budget;
namespace Kapso.Platform.Api;

/// <summary>A request to the platform, without the base URL and the key.</summary>
/// <param name="Method">GET and PATCH may be repeated; POST never is.</param>
/// <param name="Route">The path's template, for logs and metrics.</param>
/// <param name="Path">The path with its query, relative to the base URL, no slash in front.</param>
/// <param name="Purpose">What it is made for.</param>
/// <param name="Body">JSON in UTF-8.</param>
internal sealed record PlatformRequest(HttpMethod Method, string Route, string Path, CallPurpose Purpose, byte[]? Body = null)
{
    public bool MayBeRepeated => Method != HttpMethod.Post;
}
