using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kapso.Web.Customers;

/// <summary>The languages that setup links speak, and so do the customers' pages.</summary>
internal static class PageLanguages
{
    /// <summary>Where neither the link nor the browser asks for one that there is.</summary>
    public const string Default = "en";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Default, "es", "pt", "hi", "id", "ar"];

    /// <summary>The one that the browser likes best; null where it asks for none of them.</summary>
    public static string? OfBrowser(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var wanted)
            ? wanted.OrderByDescending(language => language.Quality ?? 1)
                .Where(language => language.Quality is not 0)
                .Select(language => Find(language.Value.Value))
                .FirstOrDefault(language => language is not null)
            : null;

    /// <summary>The language of a tag such as <c>pt-BR</c>; null where it is none of them.</summary>
    public static string? Find(string? tag)
    {
        var primary = tag?.Split('-', '_')[0];
        return All.FirstOrDefault(language => string.Equals(language, primary, StringComparison.OrdinalIgnoreCase));
    }
}
