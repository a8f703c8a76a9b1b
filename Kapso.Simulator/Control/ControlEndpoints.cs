using System.Text.Json;
using System.Text.Json.Nodes;
using Kapso.Simulator.Api;
using Kapso.Simulator.Faults;
using Kapso.Simulator.World;

namespace Kapso.Simulator.Control;

/// <summary>What tests and scripts do with the simulator, below <c>/api</c>: play customers, set faults and the clock.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this IEndpointRouteBuilder api)
    {
        api.MapPost("/setup_links/{id}/connect", Connect);
        api.MapPost("/setup_links/{id}/fail", FailAsync);
        api.MapPost("/customers/{id}/numbers", ConnectDirectly);
        api.MapPost("/samples", AddSampleAsync);
        api.MapPost("/numbers/{id}/{action}", Act);
        api.MapPatch("/webhooks/{id}", ChangeWebhookAsync);
        api.MapPost("/messages/refuse", RefuseAsync);
        api.MapGet("/faults", Faults);
        api.MapPut("/faults", SetFaultsAsync);
        api.MapPost("/faults/{kind}", Force);
        api.MapGet("/clock", Clock);
        api.MapPut("/clock", SetClockAsync);
    }

    private static IResult Connect(string id, SimulatedPlatform platform) => Ended(platform.Connect(id));

    private static async Task<IResult> FailAsync(string id, HttpRequest request, SimulatedPlatform platform)
    {
        var body = await Bodies.ReadAsync(request);
        return Ended(platform.Fail(id, body?.Text("error_code") ?? "facebook_auth_failed"));
    }

    private static IResult Ended(SetupEnd? end) => end is null
        ? Answers.Error(StatusCodes.Status409Conflict, "Expected an active setup link; this one is used, expired, revoked or unknown.")
        : Answers.Data(new JsonObject
        {
            ["redirect_url"] = end.RedirectUrl,
            ["redirect_dropped"] = end.Dropped,
            ["phone_number_id"] = end.Number?.Id,
        });

    private static IResult ConnectDirectly(string id, SimulatedPlatform platform) => platform.ConnectDirectly(id) is { } number
        ? Answers.Data(Rows.Of(number), StatusCodes.Status201Created)
        : Answers.NotFound("Customer");

    private static async Task<IResult> AddSampleAsync(HttpRequest request, SimulatedPlatform platform) =>
        await Bodies.ReadAsync(request) is { ValueKind: JsonValueKind.Object } body
        && body.Text("customer_id") is { Length: > 0 and <= 128 } customer && body.Text("phone_number_id") is { Length: > 0 and <= 128 } number
            ? Answers.Data(Rows.Of(platform.AddSample(customer, number)))
            : Answers.Error(StatusCodes.Status400BadRequest, "Expected {\"customer_id\":\"…\",\"phone_number_id\":\"…\"}.");

    private static IResult Act(string id, string action, SimulatedPlatform platform)
    {
        if (!Names.TryParse<NumberAction>(action, out var what))
            return Answers.Error(StatusCodes.Status404NotFound, $"Expected {ListOf<NumberAction>()}.");
        return platform.Act(id, what) is { } number
            ? Answers.Data(Rows.Of(number))
            : Answers.Error(StatusCodes.Status409Conflict, "That does not apply to this number: it is unknown, the company's own, or already so.");
    }

    private static async Task<IResult> ChangeWebhookAsync(string id, HttpRequest request, SimulatedPlatform platform)
    {
        if (await Bodies.ReadAsync(request) is not { ValueKind: JsonValueKind.Object } body)
            return Answers.Error(StatusCodes.Status400BadRequest, "Expected a JSON object.");
        DeliveryShape? shape = null;
        if (body.Text("shape") is { } name)
        {
            if (!Names.TryParse<DeliveryShape>(name, out var known))
                return Answers.Error(StatusCodes.Status400BadRequest, $"Expected a shape: {ListOf<DeliveryShape>()}.");
            shape = known;
        }

        var changed = platform.ChangeWebhook(id, webhook => webhook with { Shape = shape ?? webhook.Shape });
        return changed is null ? Answers.NotFound("Webhook") : Answers.Data(Rows.Of(changed, platform.ProjectId));
    }

    private static async Task<IResult> RefuseAsync(HttpRequest request, SimulatedPlatform platform)
    {
        if (await Bodies.ReadAsync(request) is not { ValueKind: JsonValueKind.Object } body
            || body.Number("status") is not ({ } status and >= 400 and < 500))
            return Answers.Error(StatusCodes.Status400BadRequest, "Expected {\"status\":400…499,\"code\":number or null,\"text\":\"…\",\"times\":1}.");
        platform.RefuseMessages(
            new((int)status, (int?)body.Number("code"), body.Text("text") ?? "Refused"), (int)Math.Clamp(body.Number("times") ?? 1, 1, 1_000));
        return Results.NoContent();
    }

    private static IResult Faults(SimulatedPlatform platform) => Answers.Data(FaultsNow(platform));

    private static async Task<IResult> SetFaultsAsync(HttpRequest request, SimulatedPlatform platform)
    {
        if (await Bodies.ReadAsync(request) is not { ValueKind: JsonValueKind.Object } body)
            return Answers.Error(StatusCodes.Status400BadRequest, "Expected a JSON object of faults and rates from 0 to 1.");
        var plan = new FaultPlan();
        foreach (var member in body.EnumerateObject())
        {
            if (!Names.TryParse<FaultKind>(member.Name, out var kind))
                return Answers.Error(StatusCodes.Status400BadRequest, $"Expected faults: {ListOf<FaultKind>()}.");
            if (member.Value.ValueKind != JsonValueKind.Number || member.Value.GetDouble() is < 0 or > 1)
                return Answers.Error(StatusCodes.Status400BadRequest, $"Expected a rate from 0 to 1 for {member.Name}.");
            plan = plan with { Rates = plan.Rates.SetItem(kind, member.Value.GetDouble()) };
        }

        platform.Dice.Plan = plan;
        return Answers.Data(FaultsNow(platform));
    }

    private static IResult Force(string kind, int? times, SimulatedPlatform platform)
    {
        if (!Names.TryParse<FaultKind>(kind, out var fault))
            return Answers.Error(StatusCodes.Status404NotFound, $"Expected {ListOf<FaultKind>()}.");
        platform.Dice.Force(fault, Math.Clamp(times ?? 1, 1, 1_000));
        return Answers.Data(FaultsNow(platform));
    }

    private static IResult Clock(SimulatedPlatform platform) => Answers.Data(new JsonObject
    {
        ["now"] = Deliveries.Times.Iso(platform.Clock.UtcNow),
        ["factor"] = platform.Clock.Factor,
    });

    private static async Task<IResult> SetClockAsync(HttpRequest request, SimulatedPlatform platform)
    {
        if (await Bodies.ReadAsync(request) is not { ValueKind: JsonValueKind.Object } body
            || body.Number("factor") is <= 0 or > 100_000 || body.Number("advance_seconds") is < 0 or > 366 * 86_400)
            return Answers.Error(StatusCodes.Status400BadRequest, "Expected {\"factor\":above 0 to 100000,\"advance_seconds\":0 to a year}, each optional.");
        if (body.Number("factor") is { } factor)
            platform.Clock.Factor = factor;
        if (body.Number("advance_seconds") is { } seconds)
            platform.Clock.Advance(TimeSpan.FromSeconds(seconds));
        return Clock(platform);
    }

    private static JsonObject FaultsNow(SimulatedPlatform platform)
    {
        var plan = platform.Dice.Plan;
        return new JsonObject
        {
            ["seed"] = platform.Dice.Seed,
            ["rates"] = new JsonObject(Enum.GetValues<FaultKind>().Select(kind =>
                KeyValuePair.Create(Names.Of(kind), (JsonNode?)JsonValue.Create(plan.RateOf(kind))))),
            ["next"] = new JsonObject(plan.Next.Where(pair => pair.Value > 0).Select(pair =>
                KeyValuePair.Create(Names.Of(pair.Key), (JsonNode?)JsonValue.Create(pair.Value)))),
            ["happened"] = new JsonObject(platform.Dice.Fallen.OrderBy(pair => pair.Key).Select(pair =>
                KeyValuePair.Create(Names.Of(pair.Key), (JsonNode?)JsonValue.Create(pair.Value)))),
        };
    }

    private static double? Number(this JsonElement body, string name) =>
        body.Member(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static string ListOf<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Names.Of));
}
