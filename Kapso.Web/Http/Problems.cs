using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kapso.Web.Http;

/// <summary>Errors as problem details (RFC 9457): what was expected, what came, what to do.</summary>
internal static class Problems
{
    public static ProblemHttpResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, detail);

    /// <summary>The customer's id in the path cannot be one.</summary>
    public static ProblemHttpResult BadCustomer() =>
        BadRequest("The customer's id must have 1 to 128 characters, none of them a control character, and no blank at its ends.");

    public static ProblemHttpResult Unauthorized(string detail) => Of(StatusCodes.Status401Unauthorized, detail);

    public static ProblemHttpResult Forbidden(string detail) => Of(StatusCodes.Status403Forbidden, detail);

    public static ProblemHttpResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, detail);

    public static ProblemHttpResult Conflict(string detail) => Of(StatusCodes.Status409Conflict, detail);

    public static ProblemHttpResult Unprocessable(string detail) => Of(StatusCodes.Status422UnprocessableEntity, detail);

    public static ProblemHttpResult BadGateway(string detail) => Of(StatusCodes.Status502BadGateway, detail);

    public static ProblemHttpResult TooManyRequests(string detail) => Of(StatusCodes.Status429TooManyRequests, detail);

    public static ProblemHttpResult Unavailable(string detail) => Of(StatusCodes.Status503ServiceUnavailable, detail);

    private static ProblemHttpResult Of(int status, string detail) =>
        TypedResults.Problem(statusCode: status, detail: detail);
}
