using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kapso.Platform.Api;
using Kapso.Platform.Customers;
using Kapso.Simulator.Faults;
using Kapso.Tests.Web;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Simulator;

/// <summary>Orders for customers of a platform that would make two of one id of the company's, and of one that refuses it.</summary>
public sealed class CustomerOrderTests : IAsyncDisposable
{
    private const string OwnId = "crm-7";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private SimulatorHost _platform = null!;
    private WebHost _service = null!;

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _platform.DisposeAsync();
    }

    private async Task StartAsync(bool takesSame)
    {
        _platform = await SimulatorHost.StartAsync(options => options.TakesSameExternalIds = takesSame);
        _service = await WebHost.StartAsync(
            options =>
            {
                options.Projects[0].ApiKey = SimulatorHost.Key;
                options.Platform.BaseUrl = _platform.BaseUrl;
            },
            time: _time);
    }

    /// <summary>As each process has one: all of one store.</summary>
    private CustomerDirectory Process() => new(_service.Services.GetRequiredService<PlatformClients>(), _service.Engine, _time);

    private static Task<CustomerOrderResult?> OrderAsync(CustomerDirectory process) =>
        process.FindOrCreateAsync(WebHost.Project, OwnId, "Customer", CancellationToken.None).WaitAsync(Patience);

    private async Task<(HttpStatusCode Status, string? Customer, HttpResponseHeaders Headers)> PostAsync(string? idempotencyKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{WebHost.ApiOfProject}/customers");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", WebHost.ManagementKey);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        request.Content = new StringContent($$"""{"external_customer_id":"{{OwnId}}"}""", Encoding.UTF8, "application/json");
        using var response = await _service.Client.SendAsync(request).WaitAsync(Patience);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return (response.StatusCode, body.TryGetProperty("customer_id", out var id) ? id.GetString() : null, response.Headers);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, "order-1")]
    public async Task Parallel_orders_of_one_process_make_one_customer(bool takesSame, string? idempotencyKey)
    {
        await StartAsync(takesSame);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(idempotencyKey)));

        var customer = Assert.Single(_platform.Platform.Customers(OwnId));
        Assert.All(answers, answer => Assert.Equal(customer.Id, answer.Customer));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.Status == HttpStatusCode.OK));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Parallel_orders_of_several_processes_make_one_customer(bool takesSame)
    {
        await StartAsync(takesSame);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OrderAsync(Process())));

        var customer = Assert.Single(_platform.Platform.Customers(OwnId));
        Assert.All(results, result => Assert.True(result!.IsInProgress || result.Answer.Value?.Id == customer.Id));
        Assert.Single(results, result => result!.IsCreated);
        Assert.Equal((false, customer.Id), ((await OrderAsync(Process()))!.IsInProgress, (await OrderAsync(Process()))!.Answer.Value!.Id));
    }

    [Fact]
    public async Task What_another_process_is_about_to_make_is_in_progress_and_found_once_it_is_there()
    {
        await StartAsync(takesSame: true);
        Assert.True(await _service.Engine.IntendCustomerAsync(WebHost.Project, new CustomerIntent(OwnId, Guid.NewGuid()), CancellationToken.None));

        var (status, customer, headers) = await PostAsync(null);
        Assert.Equal((HttpStatusCode.Conflict, null, TimeSpan.FromSeconds(10)), (status, customer, headers.RetryAfter?.Delta));
        Assert.Empty(_platform.Platform.Customers(OwnId));

        var made = _platform.Platform.CreateCustomer("Customer", OwnId)!;
        (status, customer, _) = await PostAsync(null);
        Assert.Equal((HttpStatusCode.OK, made.Id), (status, customer));
    }

    [Fact]
    public async Task A_process_that_ended_before_it_asked_the_platform_holds_an_order_up_for_two_minutes()
    {
        await StartAsync(takesSame: true);
        await _service.Engine.IntendCustomerAsync(WebHost.Project, new CustomerIntent(OwnId, Guid.NewGuid()), CancellationToken.None);

        _time.Advance(CustomerIntent.Life - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(null)).Status);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(null)).Status);
    }

    [Theory]
    [InlineData(FaultKind.LostAnswer)]
    [InlineData(FaultKind.BrokenBody)]
    public async Task A_customer_whose_answer_was_lost_is_found(FaultKind fault)
    {
        await StartAsync(takesSame: true);
        _service.Engine.Before = (method, _) =>
        {
            // Between the look and the call: what is lost is the answer to the order.
            if (method == nameof(IConnectionEngine.IntendCustomerAsync))
                _platform.Platform.Dice.Force(fault, 1);
            return Task.CompletedTask;
        };

        var first = await OrderAsync(Process());
        var second = await OrderAsync(Process());

        var customer = Assert.Single(_platform.Platform.Customers(OwnId));
        Assert.Equal((customer.Id, customer.Id), (first!.Answer.Value?.Id ?? customer.Id, second!.Answer.Value!.Id));
    }

    [Fact]
    public async Task An_order_that_the_platform_refused_holds_nobody_up()
    {
        await StartAsync(takesSame: true);
        var refused = new CustomerDirectory(_service.Services.GetRequiredService<PlatformClients>(), _service.Engine, _time);
        Assert.Equal(PlatformOutcome.Refused, (await refused.FindOrCreateAsync(WebHost.Project, OwnId, "", CancellationToken.None).WaitAsync(Patience))!.Answer.Outcome);

        Assert.True((await OrderAsync(Process()))!.IsCreated);
    }
}
