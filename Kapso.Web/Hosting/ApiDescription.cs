using System.Reflection;
using Kapso.Web.Access;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kapso.Web.Hosting;

/// <summary>What the OpenAPI document says beside what the routes and the documentation of members say.</summary>
internal static class ApiDescription
{
    private const string Scheme = "management_key";

    private static readonly (string Name, string Means)[] Tags =
    [
        ("management", "What the company's application and operators ask and do."),
        ("webhooks", "What the platform sends."),
        ("customer", "Pages of the customers' browsers."),
        ("health", "Whether the process lives, and can do its work."),
    ];

    /// <summary>Adds all of that.</summary>
    public static void Describe(OpenApiOptions options)
    {
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // What may be null in a dictionary is lost on the way.
            if (schema.AdditionalProperties is OpenApiSchema { Type: { } value } values && context.JsonPropertyInfo?.AttributeProvider is PropertyInfo property
                && new NullabilityInfoContext().Create(property).GenericTypeArguments is [_, { ReadState: NullabilityState.Nullable }])
            {
                values.Type = value | JsonSchemaType.Null;
            }

            // They are written as numbers. That they would be read as texts too is no promise, and generated clients made texts of them.
            if (schema.Type is { } type && type.HasFlag(JsonSchemaType.String) && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
                (schema.Type, schema.Pattern) = (type & ~JsonSchemaType.String, null);
            // Words, and said to be. Whether one may be missing is said where it stands.
            if (schema is { Enum.Count: > 0, Type: null })
                (schema.Type, schema.Enum) = (JsonSchemaType.String, [.. schema.Enum.Where(word => word is not null && !word.IsJsonNullSentinel())]);

            // What may be left out is not required, whatever it is then: generators take a default for a promise that it is always there.
            schema.Default = null;
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            ApiParameters.Describe(operation, context.Description.RelativePath!, metadata.OfType<ReadsItself>().SingleOrDefault());
            ApiAnswers.Describe(operation, context);
            operation.Summary = metadata.OfType<IEndpointSummaryMetadata>().LastOrDefault()?.Summary;
            operation.Security = metadata.OfType<ManagementKeyRequired>().Any()
                ? [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }]
                : [];
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Kapso",
                Version = "1",
                Description = "Who of a company's customers has connected WhatsApp through a setup link, and what became of the welcome. "
                    + "Times are UTC, ISO 8601. Errors are problem details (RFC 9457). New members may come; unknown ones are to be passed over.",
            };
            document.AddComponent<IOpenApiSecurityScheme>(Scheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A management key of this service. What it may do depends on its role: read, operate or administer.",
            });
            foreach (var server in document.Servers ?? [])
                server.Url = server.Url?.TrimEnd('/');
            document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Means }).ToHashSet();
            foreach (var path in document.Paths.Values)
                path.Operations?.Remove(HttpMethod.Head);
            return Task.CompletedTask;
        });
    }
}
