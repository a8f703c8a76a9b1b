using System.Text.Json;
using ReceiverSample;

const int MaxBodyBytes = 256 * 1024;

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = MaxBodyBytes);
var signatures = new WebhookSignatures(
    builder.Configuration["Receiver:Secrets"]
    ?? throw new InvalidOperationException("Set Receiver:Secrets: the receiver's secret, whsec_ and base64; several are separated by blanks."));
using var inbox = new Inbox(builder.Configuration["Receiver:Store"] ?? "receiver.db");

await using var app = builder.Build();
app.MapPost("/kapso", async (HttpRequest request, CancellationToken cancellationToken) =>
{
    // The signature is over the bytes as they came: they are read before anything looks into them.
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body, cancellationToken);
    if (!signatures.AreRight(request.Headers, body.ToArray(), DateTimeOffset.UtcNow))
        return Results.Unauthorized();

    body.Position = 0;
    var message = await JsonSerializer.DeserializeAsync<Message>(body, JsonSerializerOptions.Web, cancellationToken);
    var isNew = inbox.Take(request.Headers["webhook-id"].ToString(), message!);
    Console.WriteLine($"{(isNew ? "Handled" : "Repeated:")} {message!.Type} of customer {message.Data.CustomerId}");
    return Results.NoContent();
});
await app.RunAsync();
