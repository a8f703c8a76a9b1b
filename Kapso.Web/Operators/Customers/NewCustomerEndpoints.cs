using Kapso.Platform.Customers;
using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Management;
using Kapso.Web.Operators.Parts;
using Kapso.Web.Operators.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Operators.Customers;

/// <summary>A customer made at the platform by a person, who then makes the first setup link.</summary>
internal static class NewCustomerEndpoints
{
    /// <summary>Where it is, below the project.</summary>
    public const string Path = "customers/new";

    /// <summary>Maps it below the project.</summary>
    public static void MapNewCustomer(this IEndpointRouteBuilder project)
    {
        project.MapGet($"/{Path}", (HttpContext context) => Show(context, externalId: null, name: null, tags: null, wrong: null)).AsksFor(AuditActions.CreateCustomer);
        project.MapPost($"/{Path}", MakeAsync).Audited(AuditActions.CreateCustomer);
    }

    private static IResult Show(HttpContext context, string? externalId, string? name, string? tags, string? wrong) => OperatorPages.Show<NewCustomerPage>(
        context,
        new { View = OperatorView.Of(context), ExternalId = externalId, Name = name, TagLines = tags, Wrong = wrong },
        wrong is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);

    private static async Task<IResult> MakeAsync(
        HttpContext context, IConnectionEngine engine, [FromServices] CustomerDirectory customers)
    {
        var form = await FormGuard.ReadAsync(context);
        var (externalId, name, lines) = (form["external_id"].ToString().Trim(), form["name"].ToString().Trim(), form["tags"].ToString());
        var wrong = CustomerNamesEndpoints.ReadTags(lines, out var tags);
        wrong = PlatformCustomerEndpoints.Objection(externalId, name.Length == 0 ? null : name) ?? wrong;
        if (wrong is not null)
            return Show(context, externalId, name, lines, wrong);

        var projectId = OperatorView.Of(context).Project!.Id;
        if (await customers.FindOrCreateAsync(projectId, externalId, name.Length == 0 ? externalId : name, context.RequestAborted)
            is not { Answer: var answer } result)
            return OperatorPages.Problem(context, "There is no new customer", PlatformProblems.NoApiKey, StatusCodes.Status409Conflict);
        if (!answer.IsDone)
            return LinkEndpoints.NotDone(context, PlatformProblems.Of(result, context.Response), "There is no new customer");

        context.NoteAct(customerId: answer.Value.Id, detail: result.IsCreated ? null : PlatformCustomerEndpoints.Found);
        if (!CustomerKey.TryCreate(projectId, answer.Value.Id, out var key))
            return OperatorPages.Problem(context, "There is no new customer", LinkEndpoints.BadCustomer, StatusCodes.Status502BadGateway);
        var change = new CustomerChange { Tags = tags };
        if (!change.IsEmpty
            && (await engine.ChangeCustomerAsync(key, change, SignedIn.Of(context).Name, context.RequestAborted)).Outcome == Outcome.Full)
        {
            return OperatorPages.Problem(context, "The customer is there, without these tags", CustomerMembers.TooMany, StatusCodes.Status409Conflict);
        }

        return Onward.To(context, new OperatorUrls("", projectId).NewLink(key.CustomerId));
    }
}
