using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Kapso.Web.Http;
using Microsoft.OpenApi;

namespace Kapso.Web.Hosting;

/// <summary>What the OpenAPI document says of parameters: each name means the same wherever it stands.</summary>
internal static class ApiParameters
{
    private static readonly FrozenDictionary<string, (string Means, string? Example)> Known = new Dictionary<string, (string, string?)>
    {
        ["project_id"] = ("The project's id, as the platform gives it.", "990e8400-e29b-41d4-a716-446655440004"),
        ["customer_id"] = ("The customer's id at the platform: 1 to 128 characters, none of them a control character, and no blank at its ends.", "880e8400-e29b-41d4-a716-446655440003"),
        ["phone_number_id"] = ("Meta's id of the number: digits.", "123456789012345"),
        ["id"] = ("The id, as a list of these or the answer to their creation has it.", null),
        ["message_id"] = ("The message's id, as receivers get it in `webhook-id`.", "ntf_0199d0000000700080000000000000cc"),
        ["state"] = ("The state in the redirect URL: 32 hex digits. Whoever has it sees the page of its customer.", null),
        ["cursor"] = ("The `next_cursor` of the page before.", null),
        ["limit"] = ("Rows of a page, 1 to 1,000. Default 100.", "100"),
        ["status"] = ("Only those that stand so.", null),
        ["query"] = ("What an id, an own id, a name or a number begins with; at most 128 characters.", "crm"),
        ["external_id"] = ("The company's own id of the customer, exactly. Not together with `query`.", "crm-42"),
        ["tag"] = ("Only customers with all of these tags, each `key:value`.", "plan:pro"),
        ["action"] = ("Only this action, as `link.issue`.", "link.issue"),
        ["by"] = ("Only what somebody of this name did: a person or a key.", "operator-1"),
        ["customer"] = ("Only what was done about this customer.", "880e8400-e29b-41d4-a716-446655440003"),
        ["from"] = ("From this day or time on, UTC, included.", "2026-03-01"),
        ["until"] = ("Until this day or time, UTC, not included.", "2026-04-01"),
        ["outcome"] = ("Only what ended so.", "done"),
        ["format"] = ("`jsonl` (default) or `csv`.", "jsonl"),
        ["platform"] = ("`true`: the customer is deleted at the platform as well. Default `false`.", "false"),
        ["Idempotency-Key"] = ("1 to 128 characters: the same key again gets the link that it made.", "5f0c1a52-7a0e-4b57-9a41-2f6f6f6c8a11"),
        ["setup_link_id"] = ("The setup link, as the platform names it.", "770e8400-e29b-41d4-a716-446655440002"),
        ["display_phone_number"] = ("The number in E.164.", "+15551234567"),
        ["error_code"] = ("Why the setup failed, as the platform says.", "link_expired"),
        ["X-Webhook-Event"] = ("The event's name.", "whatsapp.phone_number.created"),
        ["X-Webhook-Signature"] = ("HMAC-SHA256 of the body's bytes with a secret of the project, in hex.", ApiExamples.Signature),
        ["X-Idempotency-Key"] = ("The delivery's id; its repeats have the same.", "5f0c1a52-7a0e-4b57-9a41-2f6f6f6c8a11"),
    }.ToFrozenDictionary();

    /// <summary>Adds the parameters that the handler reads by itself, and says what each is.</summary>
    public static void Describe(OpenApiOperation operation, string path, ReadsItself? more)
    {
        operation.Parameters ??= [];
        foreach (var name in more?.Query ?? [])
            Add(operation, name, ParameterLocation.Query);
        foreach (var name in more?.Headers ?? [])
            Add(operation, name, ParameterLocation.Header);
        foreach (var segment in path.Split('/').Where(segment => segment is ['{', .., '}']))
        {
            var name = segment[1..^1];
            if (operation.Parameters.All(parameter => parameter.Name != name))
                Add(operation, name, ParameterLocation.Path);
        }

        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            var (means, example) = Known[parameter.Name!];
            parameter.Description ??= means;
            parameter.Example ??= example is not null && parameter.Schema?.Type?.HasFlag(JsonSchemaType.Array) == true ? new JsonArray(example) : example;
        }
    }

    private static void Add(OpenApiOperation operation, string name, ParameterLocation location) => operation.Parameters!.Add(new OpenApiParameter
    {
        Name = name,
        In = location,
        Required = location != ParameterLocation.Query,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    });
}
