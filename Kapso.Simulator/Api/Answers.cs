namespace Kapso.Simulator.Api;

/// <summary>Answers in the platform's forms.</summary>
internal static class Answers
{
    private const int DefaultPerPage = 20;
    private const int MostPerPage = 100;

    public static IResult Json(object body, int status = StatusCodes.Status200OK) => Results.Json(body, PlatformJson.Options, statusCode: status);

    public static IResult Data(object data, int status = StatusCodes.Status200OK) => Json(new { data }, status);

    public static IResult Error(int status, string error) => Json(new { error }, status);

    public static IResult NotFound(string what) => Error(StatusCodes.Status404NotFound, $"{what} not found");

    /// <summary>A row; 404 where there is none.</summary>
    public static IResult Found<T>(T? found, Func<T, object> row, string what) where T : class =>
        found is null ? NotFound(what) : Data(row(found));

    /// <summary>A page of a list, by the query's <c>page</c> and <c>per_page</c>.</summary>
    public static IResult Page<T>(HttpRequest request, IReadOnlyList<T> all, Func<T, object> row)
    {
        var perPage = Math.Clamp(Number(request, "per_page", DefaultPerPage), 1, MostPerPage);
        var page = Math.Max(1, Number(request, "page", 1));
        var totalPages = Math.Max(1, (all.Count + perPage - 1) / perPage);
        return Json(new
        {
            Data = all.Skip((page - 1) * perPage).Take(perPage).Select(row),
            Meta = new { page, perPage, totalPages, TotalCount = all.Count },
        });
    }

    public static int Number(HttpRequest request, string name, int missing) =>
        int.TryParse(request.Query[name], out var number) ? number : missing;
}
