using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Management;
using Kapso.Web.Operators.Parts;
using Kapso.Web.Operators.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Operators.Customers;

/// <summary>What the company calls and marks a customer with, set by a person.</summary>
internal static class CustomerNamesEndpoints
{
    /// <summary>The last part of the address, and the name of what was done.</summary>
    public const string Names = "names";

    private const string Unknown = "Nothing was ever heard of this customer.";

    /// <summary>Maps them below the project.</summary>
    public static void MapCustomerNames(this IEndpointRouteBuilder project)
    {
        project.MapGet($"/customer/{Names}", ShowAsync).AsksFor(AuditActions.ChangeCustomer);
        project.MapPost($"/customer/{Names}", KeepAsync).Audited(AuditActions.ChangeCustomer, "id");
    }

    /// <summary>What to say afterwards; null for a name of something else.</summary>
    public static string? SayDone(string? name) => name == Names ? "Names and tags are kept." : null;

    /// <summary>Reads tags, one on a line; what is wrong with them, or null.</summary>
    public static string? ReadTags(string text, out Dictionary<string, string?> tags)
    {
        tags = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!CustomerTags.TryParse(line, out var key, out var value))
                return $"“{line}” is no tag: write a key of at most {CustomerTags.MaxKey} characters, a colon, and a value of at most {CustomerTags.MaxValue}.";
            if (!tags.TryAdd(key, value))
                return $"“{key}” is there twice: a key has one value.";
        }

        return tags.Count > CustomerTags.MaxCount ? $"There are {tags.Count} tags, and a customer has at most {CustomerTags.MaxCount}." : null;
    }

    private static async Task<IResult> ShowAsync(HttpContext context, IConnectionEngine engine) =>
        CustomerRoutes.TryReadKey(context, out var key) && await engine.FindAsync(key, context.RequestAborted) is { } connection
            ? Show(context, connection, connection.Names?.OwnId, connection.Names?.Name, string.Join('\n', connection.Tags?.All ?? []), wrong: null)
            : OperatorPages.NotFound(context, Unknown);

    private static IResult Show(HttpContext context, Connection connection, string? externalId, string? name, string tags, string? wrong) =>
        OperatorPages.Show<CustomerNamesPage>(
            context,
            new
            {
                View = OperatorView.Of(context),
                connection.Key.CustomerId,
                connection.Names,
                ExternalId = externalId,
                Name = name,
                TagLines = tags,
                Wrong = wrong,
            },
            wrong is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);

    private static async Task<IResult> KeepAsync(HttpContext context, IConnectionEngine engine)
    {
        if (!CustomerRoutes.TryReadKey(context, out var key) || await engine.FindAsync(key, context.RequestAborted) is not { } connection)
            return OperatorPages.NotFound(context, Unknown);
        var form = await FormGuard.ReadAsync(context);
        var (externalId, name, lines) = (form["external_id"].ToString().Trim(), form["name"].ToString().Trim(), form["tags"].ToString());
        var wrong = ReadTags(lines, out var tags);
        wrong = CustomerMembers.Read(Changed(externalId, connection.Names?.OwnId), Changed(name, connection.Names?.Name), tags: null, out var change) ?? wrong;
        if (wrong is not null)
            return Show(context, connection, externalId, name, lines, wrong);

        await engine.ChangeCustomerAsync(
            key, change with { Tags = tags, ReplacesTags = true }, SignedIn.Of(context).Name, context.RequestAborted);
        return Onward.To(context, new OperatorUrls("", key.ProjectId).Customer(key.CustomerId, Names));
    }

    /// <summary>What a field says that was changed; null for one that was left as it was shown.</summary>
    private static GivenText? Changed(string text, string? shown) =>
        text == (shown ?? "") ? null : new GivenText(text.Length == 0 ? null : text);
}
