using System.Net;
using System.Text.Json;
using Kapso.Platform.Customers;
using Kapso.Simulator.World;
using Kapso.Tests.Operators;
using Kapso.Tests.Web;

namespace Kapso.Tests.Simulator;

/// <summary>Customers are erased through the management surface and the operators' pages, here and at the simulated platform.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    private const string Page = $"/ops/{WebHost.Project}/customer";

    private SimulatorHost _platform = null!;
    private WebHost _service = null!;
    private string _customer = "";
    private PhoneNumber _number = null!;

    private CustomerKey Key => new(WebHost.Project, _customer);

    private string Customer => $"{WebHost.ApiOfProject}/customers/{_customer}";

    public async ValueTask InitializeAsync()
    {
        _platform = await SimulatorHost.StartAsync();
        _customer = _platform.Platform.CreateCustomer("Unmistakable", null)!.Id;
        _number = _platform.Platform.ConnectDirectly(_customer)!;
        _service = await StartAsync(SimulatorHost.Key);
        await ObserveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _platform.DisposeAsync();
    }

    [Fact]
    public async Task A_customer_is_erased_here_and_stays_at_the_platform()
    {
        var (status, erased) = await EraseAsync("");
        Assert.Equal((HttpStatusCode.OK, "not_asked"), (status, erased.GetProperty("platform").GetString()));
        Assert.Equal((1, 1), (erased.GetProperty("erased").GetProperty("numbers").GetInt32(), erased.GetProperty("remembered").GetProperty("numbers").GetInt32()));
        Assert.DoesNotContain(_number.Id, erased.GetRawText(), StringComparison.Ordinal);
        using var gone = await _service.ManageAsync(HttpMethod.Get, Customer + "/connection");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.NotNull(_platform.Platform.FindCustomer(_customer));

        var (_, again) = await EraseAsync("?platform=false");
        Assert.Equal(erased.GetProperty("erased").GetRawText(), again.GetProperty("erased").GetRawText());
        var told = await _service.ReadAsync(Customer + "/erasure");
        Assert.Equal((erased.GetProperty("hash").GetString(), JsonValueKind.Null), (told.GetProperty("hash").GetString(), told.GetProperty("platform").ValueKind));
    }

    [Fact]
    public async Task The_platform_deletes_the_customer_where_that_is_wanted_and_may_have_done_so_before()
    {
        Assert.Equal("deleted", (await EraseAsync("?platform=true")).Body.GetProperty("platform").GetString());
        Assert.Null(_platform.Platform.FindCustomer(_customer));
        Assert.Equal("not_found", (await EraseAsync("?platform=true")).Body.GetProperty("platform").GetString());
    }

    [Fact]
    public async Task Where_the_platform_does_not_do_its_part_nothing_is_erased()
    {
        _service.Client.Timeout = TimeSpan.FromMinutes(5);
        await _platform.DisposeAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EraseAsync("?platform=true")).Status);
        Assert.NotNull(await _service.Engine.FindAsync(Key, CancellationToken.None));

        await _service.DisposeAsync();
        _service = await StartAsync(apiKey: null);
        await ObserveAsync();
        var (status, problem) = await EraseAsync("?platform=true");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("no ApiKey", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.NotNull(await _service.Engine.FindAsync(Key, CancellationToken.None));
        Assert.Equal(HttpStatusCode.BadRequest, (await EraseAsync("?platform=yes")).Status);
        Assert.Equal(HttpStatusCode.OK, (await EraseAsync("")).Status);
    }

    [Fact]
    public async Task The_audit_tells_of_it_without_the_customers_id()
    {
        await _service.Engine.GreetAsync(Key, _number.Id, "anna", CancellationToken.None);
        var hash = (await EraseAsync("")).Body.GetProperty("hash").GetString()!;
        using var late = await _service.ManageAsync(HttpMethod.Post, $"{Customer}/numbers/{_number.Id}/greet"); // Refused, and names nobody.
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        var audit = (await _service.ReadAsync($"{WebHost.ApiOfProject}/audit")).GetRawText();
        Assert.DoesNotContain(_number.Id, audit, StringComparison.Ordinal);
        Assert.DoesNotContain(_customer, audit, StringComparison.Ordinal);
        var lines = (await _service.ReadAsync($"{WebHost.ApiOfProject}/audit?customer={hash}")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, lines.Count);
        var line = lines[1];
        Assert.Equal(("customer.erase", "done"), (line.GetProperty("action").GetString(), line.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task On_the_pages_it_is_asked_twice_and_the_customers_page_tells_what_was_erased()
    {
        var cookie = await _service.GetCookieAsync();
        var token = await _service.ReadTokenAsync(cookie);
        Assert.Contains($"/customer/erase?id={_customer}", await ReadAsync($"{Page}?id={_customer}", cookie), StringComparison.Ordinal);
        Assert.Contains("Unmistakable", await ReadAsync($"{Page}/erase?id={_customer}", cookie), StringComparison.Ordinal);

        using var wrong = await _service.SendFormAsync($"{Page}/erase?id={_customer}", cookie, ("token", token), ("confirm", "somebody else"), ("platform", "true"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("Nothing was erased", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(await _service.Engine.FindAsync(Key, CancellationToken.None));

        using var erased = await _service.SendFormAsync($"{Page}/erase?id={_customer}", cookie, ("token", token), ("confirm", _customer), ("platform", "true"));
        Assert.Equal(HttpStatusCode.SeeOther, erased.StatusCode);
        Assert.Null(_platform.Platform.FindCustomer(_customer));
        var page = await ReadAsync(erased.Headers.Location!.OriginalString, cookie);
        Assert.Contains("This customer was erased", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Unmistakable", page, StringComparison.Ordinal);

        using var unknown = await _service.OpenAsync($"{Page}?id=nobody", cookie);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task What_could_not_come_to_its_end_is_told_of_and_gone_on_with()
    {
        _service.Engine.Fail(nameof(IAudit.RedactAuditAsync));
        using var failed = await _service.ManageAsync(HttpMethod.Delete, Customer);
        _service.Engine.Recover();
        var engine = new ErasureService(
            _service.Engine, Microsoft.Extensions.Options.Options.Create(new Kapso.Platform.Settings.KapsoOptions()), TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<ErasureService>.Instance);
        await engine.LookAsync(WebHost.Project, CancellationToken.None);
        Assert.Empty(await _service.Engine.ContinueErasuresAsync(WebHost.Project, CancellationToken.None));
        Assert.NotNull((await _service.Engine.FindErasureAsync(Key, CancellationToken.None))!.CompletedAt);
    }

    private async Task ObserveAsync()
    {
        await _service.Engine.ChangeCustomerAsync(Key, new CustomerChange { Name = new GivenText("Unmistakable") }, "anna", CancellationToken.None);
        await _service.Engine.ObserveAsync(
            Key,
            new Observation
            {
                Kind = ObservationKind.Created,
                Source = Source.Webhook,
                Event = WebHost.Created,
                PhoneNumberId = _number.Id,
                ReceivedAt = DateTimeOffset.UtcNow,
            },
            CancellationToken.None);
    }

    private async Task<string> ReadAsync(string path, string cookie)
    {
        using var page = await _service.OpenAsync(path, cookie);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
    }

    private Task<WebHost> StartAsync(string? apiKey) => WebHost.StartAsync(options =>
    {
        options.Projects[0].ApiKey = apiKey;
        options.Platform.BaseUrl = _platform.BaseUrl;
    });

    private async Task<(HttpStatusCode Status, JsonElement Body)> EraseAsync(string query)
    {
        using var response = await _service.ManageAsync(HttpMethod.Delete, Customer + query);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }
}
