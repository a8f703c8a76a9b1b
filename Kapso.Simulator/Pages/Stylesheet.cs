using System.Security.Cryptography;

namespace Kapso.Simulator.Pages;

/// <summary>The one stylesheet, from the assembly.</summary>
internal static class Stylesheet
{
    public const string Path = "/assets/simulator.css";

    private static readonly byte[] Content = Read();

    /// <summary>The path with the content's version.</summary>
    public static string Url { get; } = $"{Path}?v={Convert.ToHexStringLower(SHA256.HashData(Content))[..16]}";

    public static IResult Serve(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(Content, "text/css; charset=utf-8");
    }

    private static byte[] Read()
    {
        using var stream = typeof(Stylesheet).Assembly.GetManifestResourceStream("Kapso.Simulator.Pages.Assets.simulator.css")
            ?? throw new InvalidOperationException("The assembly has no stylesheet.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
