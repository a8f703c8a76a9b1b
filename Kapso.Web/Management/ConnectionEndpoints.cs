using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>Where customers stand.</summary>
internal static class ConnectionEndpoints
{
    /// <summary>Maps them below the project.</summary>
    public static void MapConnections(this IEndpointRouteBuilder project)
    {
        project.MapGet("/customers/{customer_id}/connection", FindAsync)
            .WithName("getConnection")
            .WithSummary("All that is known of one customer");
        project.MapGet("/connections", ListAsync)
            .WithName("listConnections")
            .WithSummary("Connections of a project, in the order of the customer's id")
            .WithDescription(CustomerMembers.TagDescription)
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Results<Ok<ConnectionView>, ProblemHttpResult>> FindAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        IConnectionEngine engine,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        return CustomerKey.TryCreate(projectId, customerId, out var key)
            && await engine.FindAsync(key, cancellationToken) is { } connection
                ? TypedResults.Ok(ConnectionView.Of(connection, time.GetUtcNow()))
                : Problems.NotFound("Nothing was ever heard of this customer.");
    }

    private static async Task<Results<Ok<ListView<ConnectionRowView>>, ProblemHttpResult>> ListAsync(
        [FromRoute(Name = "project_id")] string projectId,
        string? status,
        string? query,
        [FromQuery(Name = "external_id")] string? externalId,
        [FromQuery(Name = "tag")] string[] tags,
        string? cursor,
        string? limit,
        IConnectionEngine engine,
        CancellationToken cancellationToken)
    {
        var wrong = ListParameters.ReadLimit(limit, out var rows)
            ?? ListParameters.CheckCursor(cursor)
            ?? ListParameters.CheckText(query)
            ?? ListParameters.CheckOwnId(externalId, query)
            ?? CustomerMembers.TagsObjection(tags);
        wrong = ListParameters.ReadName("status", status, out var wanted, Enum.GetValues<ConnectionStatus>()) ?? wrong;
        if (wrong is not null)
            return Problems.BadRequest(wrong);

        var page = await engine.ListConnectionsAsync(
            new ConnectionQuery(projectId, wanted, string.IsNullOrEmpty(query) ? null : query, cursor, rows) { OwnId = externalId, Tags = tags },
            cancellationToken);
        return TypedResults.Ok(ListView.Of(page, ConnectionRowView.Of));
    }
}
