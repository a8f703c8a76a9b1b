using System.Text.Json;
using Kapso.Tests.Platform.Api;

namespace Kapso.Tests.Web;

/// <summary>What the company and its operators are told where the platform does not do what was asked for: one sentence for each cause.</summary>
public sealed class PlatformRefusalTests
{
    /// <summary>The platform's answer, ours to an order, and its sentence.</summary>
    public static TheoryData<string, int, string> Causes => new()
    {
        { Refusal(401, "Invalid key"), 422, "The platform refused it: The platform answered 401: Invalid key. Check the project's ApiKey." },
        { Refusal(403, "This API key is read-only"), 422, "The platform refused it: The platform answered 403: This API key is read-only. Check the project's ApiKey." },
        { Refusal(403, "Not part of your plan"), 422, "The platform refused it: The platform answered 403: Not part of your plan." },
        { ScriptedPlatform.Answer(403), 422, "The platform refused it: The platform answered 403 with an empty body. It does not say why: this may be a proxy's answer, or the plan's or the ApiKey's limits." },
        { Refusal(404, "Customer not found"), 422, "The platform refused it: The platform answered 404: Customer not found. Under this project's ApiKey the platform knows nothing by this id: check it." },
        { ScriptedPlatform.Answer(404), 422, "The platform refused it: The platform answered 404 with an empty body. It does not say what is missing: check the id, and Kapso:Platform:BaseUrl." },
        { Refusal(409, "Has already been taken"), 422, "The platform refused it: The platform answered 409: Has already been taken. It clashes with what is there: look at it at the platform, then ask again." },
        { Refusal(422, "language is unknown"), 422, "The platform refused it: The platform answered 422: language is unknown." },
        { ScriptedPlatform.Answer(422, "{}"), 422, "The platform refused it: The platform answered 422. It does not say why: check what was sent against its documentation." },
        { ScriptedPlatform.Answer(302, "", "Location: https://example.com\r\n"), 422, "The platform refused it: The platform answered 302; redirects are not followed with a key. Check Kapso:Platform:BaseUrl." },
        { ScriptedPlatform.Answer(429, """{"error":"Slow down"}""", "Retry-After: 60\r\n"), 503, "Nothing was done. The platform answered 429: Slow down. Ask again in 60 s." },
        { Refusal(503, "Down for a moment"), 502, "The platform answered 503: Down for a moment." },
        { ScriptedPlatform.Reset, 502, "The platform closed the connection before its answer was complete." },
        { ScriptedPlatform.Answer(200, "<html>"), 502, "The platform answered 200 with 6 bytes of application/json in place of JSON." },
        { ScriptedPlatform.Answer(200, """{"data":{"other":1}}"""), 502, "The platform answered 200 with JSON that is not what was asked for: an object with data." },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task Each_cause_has_a_sentence_of_its_own(string answer, int status, string sentence)
    {
        await using var platform = new ScriptedPlatform(answer);
        await using var service = await StartAsync(platform.BaseUrl);

        using var made = await service.ManageAsync(HttpMethod.Post, WebHost.ApiOfCustomer + "/setup_links", new { });
        var said = status == 502
            ? "The platform may have made the link and has not said so: ask again, with the same Idempotency-Key if one came, which finds out. " + sentence
            : sentence;
        Assert.Equal((status, said), ((int)made.StatusCode, await DetailAsync(made)));
        Assert.Equal(status != 422, made.Headers.RetryAfter is not null);

        if (status != 422)
            return; // the platform is left alone for a moment

        using var customer = await service.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfProject}/customers", new { external_id = "own-1" });
        Assert.Equal((422, sentence), ((int)customer.StatusCode, await DetailAsync(customer)));
        await AddLinkAsync(service);
        using var revoked = await service.ManageAsync(HttpMethod.Post, WebHost.ApiOfCustomer + "/setup_links/link-1/revoke");
        Assert.Equal((422, sentence), ((int)revoked.StatusCode, await DetailAsync(revoked)));
    }

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task A_question_that_was_not_answered_says_why(string answer, int status, string sentence)
    {
        await using var platform = new ScriptedPlatform(answer);
        await using var service = await StartAsync(platform.BaseUrl);
        await service.ConnectAsync();

        using var health = await service.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfCustomer}/numbers/{WebHost.Number}/health");
        var detail = await DetailAsync(health);
        if (status == 422)
            Assert.Equal((422, sentence), ((int)health.StatusCode, detail));
        else
        {
            Assert.Equal(503, (int)health.StatusCode);
            Assert.StartsWith("Nothing was done. The platform ", detail, StringComparison.Ordinal);
            Assert.EndsWith($" Ask again in {health.Headers.RetryAfter!.Delta!.Value.TotalSeconds} s.", detail, StringComparison.Ordinal);
            Assert.Contains(sentence.Replace("Nothing was done. ", "", StringComparison.Ordinal).Split(" Ask again")[0], detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_not_known_to_be_done_is_not_said_to_be_undone()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(200, """{"data":{"other":1}}"""));
        await using var service = await StartAsync(platform.BaseUrl);
        await service.ConnectAsync();
        await AddLinkAsync(service);

        using var revoked = await service.ManageAsync(HttpMethod.Post, WebHost.ApiOfCustomer + "/setup_links/link-1/revoke");
        Assert.Equal(502, (int)revoked.StatusCode);
        Assert.StartsWith("The platform may have revoked the link and has not said so: ask again, which does no harm.", await DetailAsync(revoked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_platform_was_not_asked_it_is_not_said_to_have_refused()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(
            200, $$"""{"data":{"phone_number_id":"{{WebHost.Number}}","customer_id":"another","status":"CONNECTED"} }"""));
        await using var service = await StartAsync(platform.BaseUrl);
        await service.ConnectAsync();

        using var health = await service.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfCustomer}/numbers/{WebHost.Number}/health");
        Assert.Equal((422, "The platform lists the number as another customer's."), ((int)health.StatusCode, await DetailAsync(health)));

        using var made = await service.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfProject}/customers/%20../setup_links", new { });
        Assert.Equal(422, (int)made.StatusCode);
        Assert.StartsWith("The platform was not asked", await DetailAsync(made), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_404_that_is_not_the_platforms_word_ends_no_link()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(404, "<html>"));
        await using var service = await StartAsync(platform.BaseUrl);
        await AddLinkAsync(service);

        var links = await service.ReadAsync(WebHost.ApiOfCustomer + "/setup_links");
        Assert.Contains("answered 404", links.GetProperty("platform_error").GetString(), StringComparison.Ordinal);
        Assert.Equal("live", Assert.Single(links.GetProperty("items").EnumerateArray()).GetProperty("link").GetProperty("status").GetString());
    }

    private static Task<WebHost> StartAsync(Uri platform) => WebHost.StartAsync(options =>
    {
        options.Projects[0].ApiKey = Client.Key;
        options.Platform.BaseUrl = platform;
    });

    private static Task<Receipt> AddLinkAsync(WebHost service) => service.Engine.AddLinkAsync(
        WebHost.Key,
        new SetupLink { Id = "link-1", PlatformId = "platform-1", State = "0123456789abcdef0123456789abcdef", CreatedAt = DateTimeOffset.UtcNow },
        CancellationToken.None);

    private static string Refusal(int status, string words) => ScriptedPlatform.Answer(status, JsonSerializer.Serialize(new { error = words }));

    private static async Task<string?> DetailAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).TryGetProperty("detail", out var detail) ? detail.GetString() : null;
}
