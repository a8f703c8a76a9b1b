using Kapso.Web.Audit;
using Kapso.Web.Management;
using Kapso.Web.Operators.Customers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Operators.Auditing;

/// <summary>What people and keys did: looked at, and taken out.</summary>
internal static class AuditingEndpoints
{
    /// <summary>Maps them below the project.</summary>
    public static void MapAuditing(this IEndpointRouteBuilder project)
    {
        project.MapGet("/audit", ListAsync);
        project.MapGet("/audit/export", ExportAsync).Audited(AuditActions.ExportAudit, "customer");
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, [AsParameters] AuditParameters parameters, string? cursor, IConnectionEngine engine, CancellationToken cancellationToken)
    {
        var view = OperatorView.Of(context);
        cursor = string.IsNullOrEmpty(cursor) ? null : cursor;
        var wrong = parameters.Read(view.Project!.Id, cursor, CustomerRoutes.PageSize, out var query) ?? ListParameters.CheckCursor(cursor);
        var page = wrong is null ? await engine.ListAuditAsync(query, cancellationToken) : new Page<AuditLine>([], null);
        return OperatorPages.Show<AuditPage>(
            context,
            new { View = view, Filter = parameters, Query = query, Lines = page, Problem = wrong },
            wrong is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> ExportAsync(
        HttpContext context, [AsParameters] AuditParameters parameters, string? format, IConnectionEngine engine, CancellationToken cancellationToken)
    {
        var wrong = ListParameters.ReadName("format", format, out var wanted, Enum.GetValues<AuditFormat>());
        wrong = parameters.Read(OperatorView.Of(context).Project!.Id, null, ListParameters.MaxLimit, out var query) ?? wrong;
        if (wrong is not null)
            return OperatorPages.Problem(context, "This address is wrong", wrong, StatusCodes.Status400BadRequest);
        await AuditExport.WriteAsync(context, engine, query, wanted ?? AuditFormat.Jsonl, cancellationToken);
        return Results.Empty;
    }
}
