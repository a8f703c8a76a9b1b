using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kapso.Simulator.Api;

/// <summary>Answers in the platform's forms.</summary>
internal static class Answers
{
    private const int DefaultPerPage = 20;
    private const int MostPerPage = 100;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static IResult Json(JsonNode body, int status = StatusCodes.Status200OK) => Results.Json(body, Options, statusCode: status);

    public static IResult Data(JsonNode data, int status = StatusCodes.Status200OK) => Json(new JsonObject { ["data"] = data }, status);

    public static IResult Error(int status, string text) => Json(new JsonObject { ["error"] = text }, status);

    public static IResult NotFound(string what) => Error(StatusCodes.Status404NotFound, $"{what} not found");

    /// <summary>A page of a list, by the query's <c>page</c> and <c>per_page</c>.</summary>
    public static IResult Page<T>(HttpRequest request, IReadOnlyList<T> all, Func<T, JsonNode> row)
    {
        var perPage = Math.Clamp(Number(request, "per_page", DefaultPerPage), 1, MostPerPage);
        var page = Math.Max(1, Number(request, "page", 1));
        return Json(new JsonObject
        {
            ["data"] = new JsonArray([.. all.Skip((page - 1) * perPage).Take(perPage).Select(row)]),
            ["meta"] = new JsonObject
            {
                ["page"] = page,
                ["per_page"] = perPage,
                ["total_pages"] = Math.Max(1, (all.Count + perPage - 1) / perPage),
                ["total_count"] = all.Count,
            },
        });
    }

    public static int Number(HttpRequest request, string name, int missing) =>
        int.TryParse(request.Query[name], out var number) ? number : missing;
}
