using System.Text;
using Kapso.Tests.Web;

namespace Kapso.Tests.Pages;

public sealed class HostileRedirectTests
{
    private const int Queries = 10_000;

    private static readonly string[] Names =
    [
        "setup_link_id", "status", "phone_number_id", "business_account_id", "whatsapp_config_id",
        "provisioned_phone_number_id", "display_phone_number", "error_code", "x",
    ];

    private static readonly string[] Values =
    [
        "", "completed", WebHost.Number, "%2B15551234567", "link_expired", "%00", "%ff%fe", "%ZZ", "%ED%A0%80", "%F0%9F%92%A5",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%22%20onload%3D%22x", "..%2F..%2Fetc", "%0D%0ASet-Cookie:a=b", "{{0}}", "%",
    ];

    [Theory]
    [InlineData("display_phone_number")]
    [InlineData("phone_number_id")]
    [InlineData("error_code")]
    [InlineData("setup_link_id")]
    [InlineData("anything")]
    public async Task Hostile_parameters_are_not_reflected(string name)
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        foreach (var path in (string[])["/whatsapp/success", "/whatsapp/failed", $"/whatsapp/success/{state}", $"/whatsapp/failed/{state}"])
        {
            var html = await host.ReadPageAsync($"{path}?{name}=%22%3E%3Cscript%3Ehostile%3C%2Fscript%3E");
            Assert.DoesNotContain("hostile", html, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task The_name_of_the_company_is_encoded()
    {
        await using var host = await WebHost.StartAsync(options => options.Projects[0].Name = "<b>Example & Co</b>", server: true);
        var html = await host.ReadPageAsync("/whatsapp/failed?error_code=link_expired");
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Example &amp; Co", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_random_query_makes_the_server_fail()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        string[] paths =
        [
            "/whatsapp/success", "/whatsapp/failed", $"/whatsapp/success/{state}", $"/whatsapp/failed/{state}",
            $"/whatsapp/{WebHost.Project}/success", "/whatsapp/nobody/failed",
        ];
        var requests = Enumerable.Range(0, Queries)
            .Select(_ => paths[random.Next(paths.Length)] + RandomQuery(random))
            .ToArray();

        await Parallel.ForEachAsync(
            requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (request, cancellationToken) =>
            {
                using var response = await host.Client.GetAsync(new Uri(request, UriKind.Relative), cancellationToken);
                Assert.True((int)response.StatusCode < 500, $"{request} got {(int)response.StatusCode} (seed {seed}).");
            });
    }

    [Theory]
    [InlineData("/whatsapp/success")]
    [InlineData("/whatsapp/failed")]
    [InlineData("/assets/live.js")]
    [InlineData("/whatsapp/success/nonsense/events")]
    public async Task Every_answer_to_a_browser_has_the_security_headers(string path)
    {
        await using var host = await WebHost.StartAsync(server: true);
        using var response = await host.Client.GetAsync(new Uri(path, UriKind.Relative));

        var policy = Header(response, "Content-Security-Policy");
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-referrer", Header(response, "Referrer-Policy"));
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        if (!path.StartsWith("/assets", StringComparison.Ordinal))
            Assert.Contains("no-store", Header(response, "Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_have_no_inline_script_or_style()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        foreach (var path in (string[])[$"/whatsapp/success/{state}", $"/whatsapp/failed/{state}", "/whatsapp/success"])
        {
            var html = await host.ReadPageAsync(path);
            Assert.DoesNotContain("<style", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch(@"\s(style|on\w+)\s*=", html);
            Assert.DoesNotMatch(@"<script(?![^>]*\ssrc=)", html);
            Assert.DoesNotContain("javascript:", html, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    private static string RandomQuery(Random random)
    {
        var query = new StringBuilder();
        for (var i = random.Next(8); i > 0; i--)
        {
            query.Append(query.Length == 0 ? '?' : '&').Append(Names[random.Next(Names.Length)]);
            if (random.Next(10) > 0)
                query.Append('=').Append(Values[random.Next(Values.Length)]);
            if (random.Next(20) == 0)
                query.Append('9', random.Next(2_000));
        }

        return query.ToString();
    }
}
