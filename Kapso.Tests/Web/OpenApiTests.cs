using System.Text.Json;
using Kapso.Platform.Reconciling;

namespace Kapso.Tests.Web;

public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_names_the_routes_and_which_of_them_need_the_management_key()
    {
        await using var host = await WebHost.StartAsync();

        var document = JsonElement.Parse(await host.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        var scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("management_key");
        Assert.Equal(("http", "bearer"), (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()));
        var paths = document.GetProperty("paths");
        const string P = "/api/projects/{project_id}";
        foreach (var (method, path) in new[]
        {
            ("get", P + "/customers/{customer_id}/connection"), ("get", P + "/connections"), ("get", P + "/effects"),
            ("post", P + "/customers/{customer_id}/redirect_urls"), ("post", P + "/customers/{customer_id}/effects/{id}/resend"),
            ("post", P + "/customers/{customer_id}/effects/{id}/settle"), ("get", P + "/parked"), ("get", P + "/parked/{id}"),
            ("post", P + "/parked/{id}/replay"), ("post", P + "/parked/{id}/discard"), ("get", P + "/audit"), ("get", P + "/audit/export"),
        })
        {
            var security = paths.GetProperty(path).GetProperty(method).GetProperty("security");
            Assert.True(security[0].TryGetProperty("management_key", out _), path);
        }

        var activity = document.GetProperty("components").GetProperty("schemas").GetProperty("ActivityView").GetProperty("properties");
        Assert.True(activity.TryGetProperty("turned_away", out _) && activity.TryGetProperty("last_webhook", out _));
        Assert.Equal(
            ["project_id", "action", "by", "customer", "from", "until", "outcome", "cursor", "limit"],
            paths.GetProperty(P + "/audit").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        foreach (var (method, path) in new[] { ("post", "/webhooks/project/{project_id}"), ("post", "/webhooks/project"), ("get", "/health") })
            Assert.Empty(paths.GetProperty(path).GetProperty(method).GetProperty("security").EnumerateArray());
    }

    [Fact]
    public async Task A_linter_has_nothing_against_the_document_and_would_have()
    {
        using var npm = await NpmFolder.InstallAsync("Kapso.Tests/Web/OpenApi");
        var document = await ReadAsync();
        Assert.Equal((0, ""), await LintAsync(document));
        foreach (var (right, wrong, says) in ((string, string, string)[])
        [
            ("\"operationId\": \"getConnection\"", "\"operationId\": \"listConnections\"", "operation-operationId-unique"),
            ("\"attempts\": 1", "\"attempts\": \"once\"", "no-invalid-media-type-examples"),
        ])
        {
            var (exitCode, problems) = await LintAsync(document.Replace(right, wrong, StringComparison.Ordinal));
            Assert.Equal(1, exitCode);
            Assert.Contains(says, problems, StringComparison.Ordinal);
        }

        async Task<(int ExitCode, string Problems)> LintAsync(string text)
        {
            await File.WriteAllTextAsync(npm.PathOf("openapi.json"), text, TestContext.Current.CancellationToken);
            var (exitCode, output) = await npm.RunAsync("npx", "redocly", "lint", "openapi.json", "--format=checkstyle");
            return (exitCode, string.Join('\n', output.Split('\n').Where(line => line.Contains("<error", StringComparison.Ordinal))));
        }
    }

    [Fact]
    public async Task Every_body_and_answer_has_an_example_and_every_member_is_explained()
    {
        var document = JsonElement.Parse(await ReadAsync());
        foreach (var (name, operation) in OperationsOf(document))
        {
            var bodies = operation.GetProperty("responses").EnumerateObject().Select(answer => (Where: answer.Name, Of: answer.Value)).ToList();
            if (operation.TryGetProperty("requestBody", out var request))
                bodies.Add(("the request", request));
            foreach (var (where, body) in bodies)
            {
                if (!body.TryGetProperty("content", out var content))
                    continue;
                foreach (var media in content.EnumerateObject().Where(media => media.Name != "text/html"))
                    Assert.True(media.Value.TryGetProperty("example", out _), $"{name}, {where}: {media.Name} has no example.");
            }
        }

        foreach (var schema in document.GetProperty("components").GetProperty("schemas").EnumerateObject().Where(schema => !Foreign.Contains(schema.Name)))
        {
            if (!schema.Value.TryGetProperty("properties", out var members))
                continue;
            foreach (var member in members.EnumerateObject())
            {
                Assert.True(
                    member.Value.TryGetProperty("description", out _) || member.Value.TryGetProperty("$ref", out _) || member.Value.TryGetProperty("oneOf", out _),
                    $"{schema.Name}.{member.Name} is not explained.");
            }
        }
    }

    [Fact]
    public async Task What_is_answered_is_what_the_document_says()
    {
        await using var host = await WebHost.StartAsync(host: builder => builder.Services.AddSingleton<ReconciliationService>().AddSingleton<SetupTest>());
        await host.ConnectAsync();
        var document = JsonElement.Parse(await host.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));
        var seen = new HashSet<int>();
        foreach (var path in document.GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/api/", StringComparison.Ordinal)))
        {
            foreach (var method in path.Value.EnumerateObject().OrderBy(method => method.Name == "delete"))
            {
                var body = method.Value.TryGetProperty("requestBody", out var request)
                    ? request.GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText()
                    : null;
                foreach (var (project, key) in ((string, string)[])[(WebHost.Project, WebHost.ManagementKey), ("unknown", WebHost.ManagementKey), (WebHost.Project, "wrong")])
                {
                    var address = path.Name.Replace("{project_id}", project, StringComparison.Ordinal)
                        .Replace("{customer_id}", WebHost.Customer, StringComparison.Ordinal).Replace("{phone_number_id}", WebHost.Number, StringComparison.Ordinal)
                        .Replace("{id}", "none", StringComparison.Ordinal).Replace("{message_id}", "none", StringComparison.Ordinal);
                    using var message = new HttpRequestMessage(new HttpMethod(method.Name.ToUpperInvariant()), address);
                    message.Headers.Authorization = new("Bearer", key);
                    if (body is not null)
                        message.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
                    using var response = await host.Client.SendAsync(message, TestContext.Current.CancellationToken);
                    var name = $"{method.Value.GetProperty("operationId").GetString()} answered {(int)response.StatusCode}";
                    Assert.True(method.Value.GetProperty("responses").TryGetProperty($"{(int)response.StatusCode}", out var declared), name);
                    await AssertFormAsync(document, declared, response, name);
                    seen.Add((int)response.StatusCode);
                }
            }
        }

        Assert.Superset(new HashSet<int> { 200, 201, 401, 404, 409, 429 }, seen);
    }

    /// <summary>Types of the framework's, and what any body can be.</summary>
    private static readonly string[] Foreign = ["ProblemDetails", "HealthView", "JsonElement"];

    private static async Task AssertFormAsync(JsonElement document, JsonElement declared, HttpResponseMessage response, string name)
    {
        var media = response.Content.Headers.ContentType?.MediaType;
        if (media is null or not ("application/json" or "application/problem+json"))
            return;
        var schema = declared.GetProperty("content").GetProperty(media).GetProperty("schema").GetProperty("$ref").GetString()!.Split('/')[^1];
        var form = document.GetProperty("components").GetProperty("schemas").GetProperty(schema);
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var members = form.GetProperty("properties").EnumerateObject().Select(member => member.Name).ToHashSet();
        Assert.All(body.EnumerateObject().Where(_ => schema != "ProblemDetails"), member => Assert.True(members.Contains(member.Name), $"{name}: {member.Name} is not in {schema}."));
        if (form.TryGetProperty("required", out var required))
            Assert.All(required.EnumerateArray(), member => Assert.True(body.TryGetProperty(member.GetString()!, out _), $"{name}: {member} of {schema} is missing."));
    }

    private static IEnumerable<(string Name, JsonElement Operation)> OperationsOf(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        select (method.Value.GetProperty("operationId").GetString()!, method.Value);

    private static async Task<string> ReadAsync()
    {
        await using var host = await WebHost.StartAsync();
        return await host.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
    }
}
