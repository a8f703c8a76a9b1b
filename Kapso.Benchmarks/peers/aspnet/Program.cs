// A careful receiver of Kapso webhooks, as a good engineer writes it with ASP.NET Core, Npgsql and PostgreSQL: raw body, signature
// in constant time, one statement for the connection and its outbox row, 200 only after the commit. One process.
using System.Text;
using System.Text.Json;
using Kapso.Benchmarks.AspNetPeer;
using Microsoft.AspNetCore.Diagnostics;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 1024 * 1024);

var settings = builder.Configuration;
var project = Required("ProjectId");
var secret = Encoding.UTF8.GetBytes(Required("WebhookSecret"));
await using var store = await Store.OpenAsync(Required("ConnectionStrings:Postgres"));
builder.Services.AddSingleton(store);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
if (settings["WelcomeUrl"] is { } welcomes)
{
    builder.Services.AddSingleton(_ => new WelcomeSender(new Uri(welcomes), Required("WelcomeSecret")));
    builder.Services.AddSingleton<Worker>();
    builder.Services.AddHostedService(services => services.GetRequiredService<Worker>());
}

await using var app = builder.Build();
app.UseExceptionHandler(failed => failed.Run(context =>
{
    var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
    context.Response.StatusCode = (error as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status503ServiceUnavailable;
    return Task.CompletedTask;
}));

var worker = app.Services.GetService<Worker>();
app.MapPost("/webhooks/project/{id}", async (string id, HttpRequest request, CancellationToken cancellation) =>
{
    if (id != project)
    {
        return Results.NotFound();
    }

    var body = await Delivery.ReadAsync(request.BodyReader, cancellation);
    if (!Delivery.IsAuthentic(body, request.Headers["X-Webhook-Signature"], secret))
    {
        return Results.Unauthorized();
    }

    if (request.Headers["X-Webhook-Event"] == Delivery.Created
        && Delivery.TryParse(body) is { } delivery && delivery.Project?.Id == project
        && await store.AcceptAsync(project, delivery.Customer!.Id!, delivery.PhoneNumberId!, request.Headers["X-Idempotency-Key"]))
    {
        worker?.Wake();
    }

    return Results.Ok();
});

// For the benchmark: what is stored, and what is not settled.
app.MapGet("/api/projects/{id}/connections", async (string id, string? cursor, int? limit) =>
{
    var size = Math.Clamp(limit ?? 1000, 1, 1000);
    var customers = await store.ReadPageAsync(id, cursor ?? "", size);
    return new Page([.. customers.Select(customer => new PageItem(customer))], customers.Count == size ? customers[^1] : null);
});
app.MapGet("/outbox", async () => new Outbox(await store.CountUnsettledAsync()));
app.MapGet("/alive", () => Results.Ok());

await app.RunAsync();

string Required(string name) => settings[name] ?? throw new InvalidOperationException($"{name} is not set.");
