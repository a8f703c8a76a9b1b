using System.Collections.Concurrent;
using System.Text.Json;
using Kapso.Testing.Processes;

namespace Kapso.Testing.Simulator;

/// <summary>
/// The company's application: takes welcomes over real HTTP and deduplicates by <c>webhook-id</c>. Some it refuses at first, and
/// some it takes without saying so.
/// </summary>
internal sealed class Company : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private int _received;
    private int _failed;

    private Company(WebApplication app) => _app = app;

    /// <summary>Who was welcomed for which number, by the welcome's id.</summary>
    public ConcurrentDictionary<string, (string CustomerId, string PhoneNumberId)> Welcomes { get; } = new();

    /// <summary>The status that a customer's welcomes are answered with, where it is not 200.</summary>
    public ConcurrentDictionary<string, int> Refused { get; } = new();

    /// <summary>The number of the last change that it was told of, by customer.</summary>
    public ConcurrentDictionary<string, long> Changes { get; } = new();

    /// <summary>What it was told of changes, in the order in which it came; empty unless <see cref="KeepsMessages"/>.</summary>
    public ConcurrentQueue<JsonElement> Messages { get; } = new();

    /// <summary>Whether it keeps what it is told of changes.</summary>
    public bool KeepsMessages { get; set; }

    public Uri Address => new(_app.AddressOfServer() + "/welcome");

    /// <summary>Where it is told of changes.</summary>
    public Uri ChangesAddress => new(_app.AddressOfServer() + "/changes");

    /// <summary>Whether it fails now and then.</summary>
    public bool Falters { get; set; }

    /// <summary>Requests that came, repeated ones among them.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>Requests that were not answered 200.</summary>
    public int Failed => Volatile.Read(ref _failed);

    public static async Task<Company> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var company = new Company(builder.Build());
        company._app.MapPost("/welcome", company.Take);
        company._app.MapPost("/changes", company.Note);
        await company._app.StartAsync();
        return company;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private IResult Take(HttpContext context, JsonElement message)
    {
        Interlocked.Increment(ref _received);
        var id = context.Request.Headers["webhook-id"].ToString();
        var first = _asked.AddOrUpdate(id, 1, (_, times) => times + 1) == 1;
        var fate = Falters && first ? id[^1] : ' ';
        if (fate is '0')
        {
            Interlocked.Increment(ref _failed);
            return Results.StatusCode(StatusCodes.Status500InternalServerError);
        }

        var data = message.GetProperty("data");
        if (Refused.TryGetValue(data.GetProperty("customer_id").GetString()!, out var status))
        {
            Interlocked.Increment(ref _failed);
            return Results.StatusCode(status);
        }

        Welcomes.TryAdd(id, (data.GetProperty("customer_id").GetString()!, data.GetProperty("phone_number_id").GetString()!));
        if (fate is not '1')
            return Results.Ok();
        Interlocked.Increment(ref _failed);
        context.Abort();
        return Results.Empty;
    }

    private void Note(JsonElement message)
    {
        var data = message.GetProperty("data");
        var sequence = data.GetProperty("sequence").GetInt64();
        if (KeepsMessages)
            Messages.Enqueue(message);
        Changes.AddOrUpdate(data.GetProperty("customer_id").GetString()!, sequence, (_, known) => Math.Max(known, sequence));
    }
}
