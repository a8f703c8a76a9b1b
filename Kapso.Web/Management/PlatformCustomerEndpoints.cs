using System.Text.Json;
using Kapso.Platform.Customers;
using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>A customer of the platform's.</summary>
/// <param name="ExternalId">The company's own id: finds the customer, or is given to a new one.</param>
/// <param name="ExternalCustomerId">The same, under its older name.</param>
/// <param name="Name">A name for people; the company's id where it is left out.</param>
/// <param name="Tags">What the company marks the customer with: values by their keys. Those that the customer has besides stay.</param>
public sealed record CustomerRequest(
    string? ExternalId = null, string? ExternalCustomerId = null, string? Name = null, IReadOnlyDictionary<string, string?>? Tags = null);

/// <summary>A customer of the platform's.</summary>
/// <param name="CustomerId">The platform's id, by which all routes name the customer.</param>
/// <param name="ExternalId">The company's own id.</param>
/// <param name="ExternalCustomerId">The same, under its older name.</param>
/// <param name="Name">The name given at creation.</param>
/// <param name="Tags">What the company marks the customer with: values by their keys.</param>
public sealed record CustomerView(
    string CustomerId, string? ExternalId, string? ExternalCustomerId, string? Name, IReadOnlyDictionary<string, string> Tags);

/// <summary>What can be changed of a customer. What is left out stays.</summary>
/// <param name="ContactPhone">Where a template welcome goes: E.164; null to forget it.</param>
/// <param name="ExternalId">The company's own id, which stands above the platform's word; null to take it back.</param>
/// <param name="Name">A name for people, which stands above the platform's word; null to take it back.</param>
/// <param name="Tags">
/// At most 20: values of 1 to 64 characters by keys of 1 to 32 without a colon. A tag that is null is taken away, one that is left out
/// stays; null in place of all takes all away.
/// </param>
public sealed record ChangeCustomerRequest(
    string? ContactPhone = null, string? ExternalId = null, string? Name = null, IReadOnlyDictionary<string, string?>? Tags = null);

/// <summary>Customers of the platform's, and how they are reached.</summary>
internal static class PlatformCustomerEndpoints
{
    /// <summary>What is said of a phone that is none.</summary>
    public const string BadPhone = "contact_phone must be E.164: a plus, the country's code and the number, 7 to 15 digits.";

    /// <summary>What the audit says of an act that set it.</summary>
    public const string PhoneSet = "contact_phone set";

    /// <summary>What the audit says of a customer who was there before.</summary>
    public const string Found = "found";

    /// <summary>What is said of an own id that is none.</summary>
    public const string BadExternalId =
        "external_id (or external_customer_id, its older name) must have 1 to 128 characters, none of them a control character, and no blank at its ends.";

    /// <summary>Maps them below the project.</summary>
    public static void MapCustomers(this IEndpointRouteBuilder project)
    {
        project.MapPost("/customers", CreateAsync)
            .WithName("createCustomer")
            .Audited(AuditActions.CreateCustomer)
            .WithSummary("Finds the platform's customer by the company's own id (200), or creates one (201)")
            .Accepts<CustomerRequest>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status502BadGateway);
        project.MapPatch("/customers/{customer_id}", ChangeAsync)
            .WithName("changeCustomer")
            .Audited(AuditActions.ChangeCustomer, "customer_id")
            .WithSummary("Sets what a customer is called and marked with, and where template welcomes go: starts those that failed for want of it")
            .Accepts<ChangeCustomerRequest>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>What is wrong with a customer's data; null where nothing is.</summary>
    public static string? Objection(string externalCustomerId, string? name) =>
        !BoundedId.IsValid(externalCustomerId) ? BadExternalId
        : CustomerMembers.NameObjection(name);

    private static async Task<Results<Created<CustomerView>, Ok<CustomerView>, ProblemHttpResult>> CreateAsync(
        [FromRoute(Name = "project_id")] string projectId,
        HttpRequest request,
        CustomerDirectory customers,
        IConnectionEngine engine,
        CancellationToken cancellationToken)
    {
        var (wanted, wrong) = await JsonBody.ReadAsync<CustomerRequest>(
            request, null, "the strings external_id and, optionally, name, and tags (an object of strings)", cancellationToken);
        if (wanted is null)
            return Problems.BadRequest(wrong!);
        if ((wanted.ExternalId ?? wanted.ExternalCustomerId) is not { } externalId)
            return Problems.BadRequest(BadExternalId);
        if (externalId != (wanted.ExternalCustomerId ?? externalId))
            return Problems.BadRequest("external_id and external_customer_id are two names of one thing, and say different things. Send one of them.");
        if (Objection(externalId, wanted.Name) is { } objection)
            return Problems.BadRequest(objection);
        if (CustomerMembers.Read(ownId: null, name: null, wanted.Tags, out var change) is { } badTags)
            return Problems.BadRequest(badTags);

        if (await customers.FindOrCreateAsync(
                projectId, externalId, wanted.Name ?? externalId, cancellationToken)
            is not { Answer: var answer } result)
            return Problems.Conflict(PlatformProblems.NoApiKey);
        if (!answer.IsDone)
            return PlatformProblems.Of(result, request.HttpContext.Response);
        request.HttpContext.NoteAct(customerId: answer.Value.Id, detail: result.IsCreated ? null : Found);
        var named = CustomerKey.TryCreate(projectId, answer.Value.Id, out var key);
        if (named && !change.IsEmpty && (await engine.ChangeCustomerAsync(key, change, by: null, cancellationToken)).Outcome == Outcome.Full)
            return Problems.Conflict($"The customer is there as {answer.Value.Id}. {CustomerMembers.TooMany}");
        var names = named ? (await engine.FindAsync(key, cancellationToken))?.Names : null;
        var view = new CustomerView(
            answer.Value.Id, answer.Value.ExternalCustomerId, answer.Value.ExternalCustomerId, answer.Value.Name, CustomerNames.TagsOf(names));
        return result.IsCreated ? TypedResults.Created((string?)null, view) : TypedResults.Ok(view);
    }

    private static async Task<Results<Ok<ConnectionView>, ProblemHttpResult>> ChangeAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        HttpRequest request,
        IConnectionEngine engine,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!CustomerKey.TryCreate(projectId, customerId, out var key))
            return Problems.BadCustomer();

        // Null says something else than a member that is missing.
        const string Members = "contact_phone (a string, or null to forget it), " + CustomerMembers.InWords + "; at least one of them";
        var (body, wrong) = await JsonBody.ReadAsync<Dictionary<string, JsonElement>>(request, null, Members, cancellationToken);
        if (body is null)
            return Problems.BadRequest(wrong!);
        var hasPhone = body.Remove("contact_phone", out var told);
        body.Remove("external_id", out var ownId);
        body.Remove("name", out var name);
        body.Remove("tags", out var tags);
        if (body.Count > 0 || (hasPhone && told.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)))
            return Problems.BadRequest($"The body must be a JSON object with {Members}.");
        if (CustomerMembers.Read(Given(ownId), Given(name), Given(tags), out var change) is { } objection)
            return Problems.BadRequest(objection);
        if (!hasPhone && change.IsEmpty)
            return Problems.BadRequest($"The body must be a JSON object with {Members}.");
        string? phone = null;
        if (hasPhone && told.ValueKind == JsonValueKind.String && !ContactPhones.TryNormalize(told.GetString(), out phone))
            return Problems.BadRequest(BadPhone);

        if (!change.IsEmpty && (await engine.ChangeCustomerAsync(key, change, by: null, cancellationToken)).Outcome == Outcome.Full)
            return Problems.Conflict(CustomerMembers.TooMany);
        if (hasPhone)
            await engine.SetContactPhoneAsync(key, phone, cancellationToken);
        request.HttpContext.NoteAct(detail: string.Join(", ", CustomerMembers.WordsOf(change).Concat(
            !hasPhone ? [] : (string[])[phone is null ? "contact_phone forgotten" : PhoneSet])));
        return TypedResults.Ok(ConnectionView.Of(await engine.FindAsync(key, cancellationToken) ?? Connection.Empty(key), time.GetUtcNow()));

        static JsonElement? Given(JsonElement element) => element.ValueKind == JsonValueKind.Undefined ? null : element;
    }
}
