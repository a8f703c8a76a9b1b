using Kapso.Web.Management;
using Kapso.Web.Operators.Customers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Operators.Attention;

/// <summary>What needs a person: effects that are held or dead, numbers that are disputed or refused.</summary>
internal static class AttentionEndpoints
{
    /// <summary>Maps them below the project.</summary>
    public static void MapAttention(this IEndpointRouteBuilder project)
    {
        project.MapGet("/effects", ShowEffectsAsync);
        project.MapGet("/numbers", ShowNumbersAsync);
    }

    private static async Task<IResult> ShowEffectsAsync(
        HttpContext context, string? status, string? tag, string? cursor, IConnectionEngine engine, CancellationToken cancellationToken)
    {
        (tag, cursor) = (CustomerRoutes.Blank(tag?.Trim()), CustomerRoutes.Blank(cursor));
        var wrong = ListParameters.CheckCursor(cursor);
        if ((ListParameters.ReadName("status", status, out var wanted, EffectStatus.Held, EffectStatus.Dead) ?? wrong) is { } mistake)
            return Mistaken(context, mistake);

        var view = OperatorView.Of(context);
        var shown = wanted ?? EffectStatus.Held;
        var problem = CustomerRoutes.TagObjection(tag);
        var page = problem is null
            ? await engine.ListEffectsAsync(view.Project!.Id, shown, tag is null ? [] : [tag], cursor, CustomerRoutes.PageSize, cancellationToken)
            : new Page<EffectRow>([], null);
        return OperatorPages.Show<EffectsPage>(
            context, new { View = view, Status = shown, Rows = page, Tag = tag, Cursor = cursor, Problem = problem }, StatusOf(problem));
    }

    private static async Task<IResult> ShowNumbersAsync(
        HttpContext context, string? mark, string? tag, string? cursor, IConnectionEngine engine, CancellationToken cancellationToken)
    {
        (tag, cursor) = (CustomerRoutes.Blank(tag?.Trim()), CustomerRoutes.Blank(cursor));
        var wrong = ListParameters.CheckCursor(cursor);
        if ((ListParameters.ReadName("mark", mark, out var wanted, Enum.GetValues<NumberMark>()) ?? wrong) is { } mistake)
            return Mistaken(context, mistake);

        var view = OperatorView.Of(context);
        var shown = wanted ?? NumberMark.Disputed;
        var problem = CustomerRoutes.TagObjection(tag);
        var page = problem is null
            ? await engine.ListMarkedNumbersAsync(view.Project!.Id, shown, tag is null ? [] : [tag], cursor, CustomerRoutes.PageSize, cancellationToken)
            : new Page<MarkedNumber>([], null);
        return OperatorPages.Show<MarkedNumbersPage>(
            context, new { View = view, Mark = shown, Rows = page, Tag = tag, Cursor = cursor, Problem = problem }, StatusOf(problem));
    }

    private static int StatusOf(string? problem) => problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;

    private static IResult Mistaken(HttpContext context, string mistake) =>
        OperatorPages.Problem(context, "This address is wrong", mistake, StatusCodes.Status400BadRequest);
}
