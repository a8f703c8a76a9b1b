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
public sealed record CustomerRequest(string? ExternalId = null, string? ExternalCustomerId = null, string? Name = null);

/// <summary>A customer of the platform's.</summary>
/// <param name="CustomerId">The platform's id, by which all routes name the customer.</param>
/// <param name="ExternalId">The company's own id.</param>
/// <param name="ExternalCustomerId">The same, under its older name.</param>
/// <param name="Name">The name given at creation.</param>
public sealed record CustomerView(string CustomerId, string? ExternalId, string? ExternalCustomerId, string? Name);

/// <summary>What can be changed of a customer.</summary>
/// <param name="ContactPhone">Where a template welcome goes: E.164; null to forget it.</param>
public sealed record CustomerChange(string? ContactPhone);

/// <summary>Customers of the platform's, and how they are reached.</summary>
internal static class PlatformCustomerEndpoints
{
    /// <summary>What is said of a phone that is none.</summary>
    public const string BadPhone = "contact_phone must be E.164: a plus, the country's code and the number, 7 to 15 digits.";

    /// <summary>What the audit says of an act that set it.</summary>
    public const string PhoneSet = "contact_phone set";

    /// <summary>What the audit says of a customer who was there before.</summary>
    public const string Found = "found";

    private const string BadExternalId =
        "external_id (or external_customer_id, its older name) must have 1 to 128 characters, none of them a control character, and no blank at its ends.";
    private const int MaxName = 256;

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
            .WithSummary("Sets where template welcomes go, and starts those that failed for want of it")
            .Accepts<CustomerChange>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <summary>What is wrong with a customer's data; null where nothing is.</summary>
    public static string? Objection(string externalCustomerId, string? name) =>
        !BoundedId.IsValid(externalCustomerId) ? BadExternalId
        : name is { Length: 0 or > MaxName } ? "name must have 1 to 256 characters."
        : null;

    private static async Task<Results<Created<CustomerView>, Ok<CustomerView>, ProblemHttpResult>> CreateAsync(
        [FromRoute(Name = "project_id")] string projectId,
        HttpRequest request,
        CustomerDirectory customers,
        CancellationToken cancellationToken)
    {
        var (wanted, wrong) = await JsonBody.ReadAsync<CustomerRequest>(
            request, null, "the strings external_id and, optionally, name", cancellationToken);
        if (wanted is null)
            return Problems.BadRequest(wrong!);
        if ((wanted.ExternalId ?? wanted.ExternalCustomerId) is not { } externalId)
            return Problems.BadRequest(BadExternalId);
        if (externalId != (wanted.ExternalCustomerId ?? externalId))
            return Problems.BadRequest("external_id and external_customer_id are two names of one thing, and say different things. Send one of them.");
        if (Objection(externalId, wanted.Name) is { } objection)
            return Problems.BadRequest(objection);

        if (await customers.FindOrCreateAsync(
                projectId, externalId, wanted.Name ?? externalId, cancellationToken)
            is not { Answer: var answer } result)
            return Problems.Conflict(PlatformProblems.NoApiKey);
        if (!answer.IsDone)
            return PlatformProblems.Of(result, request.HttpContext.Response);
        request.HttpContext.NoteAct(customerId: answer.Value.Id, detail: result.IsCreated ? null : Found);
        var view = new CustomerView(answer.Value.Id, answer.Value.ExternalCustomerId, answer.Value.ExternalCustomerId, answer.Value.Name);
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
        const string Members = "contact_phone: a string, or null to forget it";
        var (body, wrong) = await JsonBody.ReadAsync<Dictionary<string, JsonElement>>(request, null, Members, cancellationToken);
        if (body is null)
            return Problems.BadRequest(wrong!);
        if (body.Count != 1 || !body.TryGetValue("contact_phone", out var told)
            || told.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            return Problems.BadRequest($"The body must be a JSON object with {Members}.");
        string? phone = null;
        if (told.ValueKind == JsonValueKind.String && !ContactPhones.TryNormalize(told.GetString(), out phone))
            return Problems.BadRequest(BadPhone);

        await engine.SetContactPhoneAsync(key, phone, cancellationToken);
        request.HttpContext.NoteAct(detail: phone is null ? "contact_phone forgotten" : PhoneSet);
        return TypedResults.Ok(ConnectionView.Of(await engine.FindAsync(key, cancellationToken) ?? Connection.Empty(key), time.GetUtcNow()));
    }
}
