using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Http;

/// <summary>JSON bodies, read by hand: one may be missing, and a mistake in it is answered with a sentence.</summary>
internal static class JsonBody
{
    /// <summary>What the body says, or what is wrong with it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="missing">What a missing body means; null where there must be one.</param>
    /// <param name="members">The members that a body can have, in words.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<(T? Wanted, string? Wrong)> ReadAsync<T>(
        HttpRequest request, T? missing, string members, CancellationToken cancellationToken)
        where T : class
    {
        var wrong = $"The body must be a JSON object with {members}.";
        if (request.ContentLength is 0 || !request.HasJsonContentType())
        {
            return request.ContentLength is > 0
                ? (null, "The body must be JSON, with Content-Type: application/json.")
                : (missing, missing is null ? wrong : null);
        }

        try
        {
            return await request.ReadFromJsonAsync<T>(cancellationToken) is { } wanted ? (wanted, null) : (null, wrong);
        }
        catch (JsonException)
        {
            return (null, wrong);
        }
    }
}
