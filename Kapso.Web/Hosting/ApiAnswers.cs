using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kapso.Web.Http;
using Kapso.Web.Management;
using Kapso.Web.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Kapso.Web.Hosting;

/// <summary>What the OpenAPI document says of answers and bodies beside their form: an example of each, what it means, and its headers.</summary>
internal static class ApiAnswers
{
    private const string Alive = "alive";

    private static readonly FrozenDictionary<int, (string Means, string Detail)> Problems = new Dictionary<int, (string, string)>
    {
        [400] = ("The request is not as it should be; `detail` says what was expected.", "limit must be a whole number from 1 to 1000."),
        [401] = ("No management key came, or none of ours, or one that has ended; of a webhook, the signature is missing or wrong.", "Send a management key as 'Authorization: Bearer …'."),
        [403] = ("The key's role does not reach for this.", "The key 'ci' has the role read. This needs the role operate."),
        [404] = ("There is no such thing here.", "No such project is served here."),
        [408] = ("The body came too slowly.", "The body took too long to arrive."),
        [409] = ("As things stand this cannot be done; `detail` says why.", "This setup link belongs to another customer."),
        [413] = ("The body is too large.", "The body is larger than 1,048,576 bytes."),
        [422] = ("The platform refused it; `detail` has its words.", "The platform refused it (422): phone_number_country_isos is invalid."),
        [429] = ("Too many requests with a wrong key from this address, or the plan's limit of calls to the platform is used up.", "Too many requests with a wrong key. Wait a minute."),
        [502] = ("The platform failed or did not answer: it is not known whether it did its part.", "The platform did not answer in time."),
        [503] = ("Something that this needs does not answer. Nothing was done; try again.", "The store does not answer."),
    }.ToFrozenDictionary();

    /// <summary>Fills in what the routes do not say of the answers of an operation, and of its body.</summary>
    public static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var json = context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var refusals = context.Description.ActionDescriptor.EndpointMetadata.OfType<IReadOnlyList<WebhookAnswer>>().SingleOrDefault() ?? [];
        foreach (var answer in context.Description.SupportedResponseTypes)
        {
            if (operation.Responses?.GetValueOrDefault(answer.StatusCode.ToString(CultureInfo.InvariantCulture)) is not OpenApiResponse response)
                continue;
            if (answer.Type == typeof(ProblemDetails))
                DescribeProblem(response, answer.StatusCode, refusals.FirstOrDefault(refusal => refusal.Status == answer.StatusCode), json);
            else if (answer.Type is { } type && ExampleOf(type, json) is { } example)
                Fill(response.Content, example);
            else if (operation.OperationId is Alive or "health")
                Fill(response.Content, HealthOf(operation.OperationId!, answer.StatusCode));
            DescribeExport(response, json);
        }

        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ReadsItself>().Any(reads => reads.Delivery))
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object }, Example = JsonNode.Parse(ApiExamples.Delivery) },
                },
            };
        }

        foreach (var parameter in context.Description.ParameterDescriptions.Where(parameter => parameter.Source.Id == "Body"))
        {
            if (operation.RequestBody is OpenApiRequestBody body && parameter.Type is { } type && ExampleOf(type, json) is { } example)
                Fill(body.Content, example);
        }
    }

    private static void DescribeProblem(OpenApiResponse response, int status, WebhookAnswer? refusal, JsonSerializerOptions json)
    {
        var (means, detail) = Problems[status];
        response.Description = means;
        Fill(response.Content, refusal is null
            ? JsonSerializer.SerializeToNode(TypedResults.Problem(detail, statusCode: status).ProblemDetails, json)!
            : JsonNode.Parse(refusal.Body)!);
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            response.Headers["Retry-After"] = new OpenApiHeader
            {
                Description = "When to come again, in seconds, where that is known.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
            };
        }
    }

    private static JsonNode? ExampleOf(Type type, JsonSerializerOptions json) =>
        ApiExamples.Of(type) is { } value ? JsonSerializer.SerializeToNode(value, type, json) : null;

    // The hosts' own answers, whose type is not known here.
    private static JsonObject HealthOf(string check, int status) => (check, status) switch
    {
        (Alive, StatusCodes.Status200OK) => new() { ["status"] = "alive" },
        (Alive, _) => new() { ["status"] = "not_alive" },
        (_, StatusCodes.Status200OK) => new() { ["status"] = "ready" },
        _ => new() { ["status"] = "not_ready", ["detail"] = "Redis did not take a write." },
    };

    private static void DescribeExport(OpenApiResponse response, JsonSerializerOptions json)
    {
        foreach (var (media, format) in ((string, AuditFormat)[])[("application/jsonl", AuditFormat.Jsonl), ("text/csv", AuditFormat.Csv)])
        {
            if (response.Content?.TryGetValue(media, out var content) == true)
                content.Example = AuditExport.Of(ApiExamples.Audit, format, json);
        }
    }

    private static void Fill(IDictionary<string, OpenApiMediaType>? content, JsonNode example)
    {
        foreach (var media in content?.Values ?? [])
            media.Example = example;
    }
}
