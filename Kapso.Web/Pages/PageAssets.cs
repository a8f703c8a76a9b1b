using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Kapso.Web.Pages;

/// <summary>A file that pages refer to, from the assembly.</summary>
internal sealed class PageAsset
{
    private readonly byte[] _content;
    private readonly EntityTagHeaderValue _tag;
    private readonly string _contentType;

    public PageAsset(string name, string contentType)
    {
        using var stream = typeof(PageAsset).Assembly.GetManifestResourceStream($"Kapso.Web.Pages.Assets.{name}")
            ?? throw new InvalidOperationException($"The assembly has no asset named {name}.");
        _content = new byte[stream.Length];
        stream.ReadExactly(_content);
        var version = Convert.ToHexStringLower(SHA256.HashData(_content))[..16];
        _tag = new EntityTagHeaderValue($"\"{version}\"");
        _contentType = contentType;
        Path = $"/assets/{name}";
        Url = $"{Path}?v={version}";
    }

    public string Path { get; }

    /// <summary>The path with the content's version: what is cached under it never changes.</summary>
    public string Url { get; }

    public IResult Serve(HttpContext context)
    {
        context.Response.Headers.CacheControl = context.Request.Query.ContainsKey("v")
            ? "public, max-age=31536000, immutable"
            : "public, no-cache";
        return TypedResults.Bytes(_content, _contentType, entityTag: _tag);
    }
}

/// <summary>The one stylesheet and the one script.</summary>
internal static class PageAssets
{
    public static PageAsset Stylesheet { get; } = new("kapso.css", "text/css; charset=utf-8");

    public static PageAsset Script { get; } = new("live.js", "text/javascript; charset=utf-8");

    /// <summary>Maps them.</summary>
    public static void MapPageAssets(this IEndpointRouteBuilder endpoints)
    {
        foreach (var asset in (PageAsset[])[Stylesheet, Script])
            endpoints.MapGet(asset.Path, asset.Serve).ExcludeFromDescription();
    }
}
