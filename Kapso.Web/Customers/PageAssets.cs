using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Kapso.Web.Customers;

/// <summary>A file that pages refer to, from the assembly.</summary>
internal sealed class PageAsset
{
    private readonly byte[] _content;
    private readonly byte[] _compressed;
    private readonly string _version;
    private readonly string _contentType;

    /// <summary>A file of the assembly.</summary>
    public PageAsset(string name, string contentType)
        : this(name, contentType, Read(name))
    {
    }

    /// <summary>A file that was made.</summary>
    public PageAsset(string name, string contentType, byte[] content)
    {
        _content = content;
        _compressed = Compress(_content);
        _version = Convert.ToHexStringLower(SHA256.HashData(_content))[..16];
        _contentType = contentType;
        Path = $"/assets/{name}";
        Url = $"{Path}?v={_version}";
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(PageAsset).Assembly.GetManifestResourceStream($"Kapso.Web.Customers.Assets.{name}")
            ?? throw new InvalidOperationException($"The assembly has no asset named {name}.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    public string Path { get; }

    /// <summary>The path with the content's version: what is cached under it never changes.</summary>
    public string Url { get; }

    public IResult Serve(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "public, no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
            return TypedResults.Bytes(_content, _contentType, entityTag: new EntityTagHeaderValue($"\"{_version}\""));
        headers.ContentEncoding = "gzip";
        return TypedResults.Bytes(_compressed, _contentType, entityTag: new EntityTagHeaderValue($"\"{_version}-gzip\""));
    }

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(content);
        return compressed.ToArray();
    }
}

/// <summary>The one stylesheet, the icon and the scripts.</summary>
internal static class PageAssets
{
    public const string Styled = "text/css; charset=utf-8";

    private const string Scripted = "text/javascript; charset=utf-8";

    public static PageAsset Stylesheet { get; } = new("kapso.css", Styled);

    public static PageAsset Icon { get; } = new("icon.svg", "image/svg+xml");

    /// <summary>What keeps a customer's page up to date.</summary>
    public static PageAsset Script { get; } = new("live.js", Scripted);

    /// <summary>The framework's script: its enhanced navigation.</summary>
    public static PageAsset Framework { get; } = new("blazor.web.js", Scripted);

    /// <summary>What keeps a page for operators up to date.</summary>
    public static PageAsset OperatorScript { get; } = new("operators.js", Scripted);

    /// <summary>Maps them.</summary>
    public static void MapPageAssets(this IEndpointRouteBuilder endpoints)
    {
        PageAsset?[] all =
            [Stylesheet, Icon, Script, Framework, OperatorScript, endpoints.ServiceProvider.GetRequiredService<CompanyLook>().Stylesheet];
        foreach (var asset in all.OfType<PageAsset>())
            endpoints.MapGet(asset.Path, asset.Serve).ExcludeFromDescription();
        endpoints.MapGet(LinkLook.Path, LinkLook.Serve).ExcludeFromDescription();
    }
}
