using System.Text.Json;
using Kapso.Simulator.Api;
using Kapso.Simulator.Faults;

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
        api.MapPost("/accounts/{action}", ActOnAccountAsync);
        api.MapPatch("/webhooks/{id}", ChangeWebhookAsync);
        api.MapPost("/messages/refuse", RefuseAsync);
        api.MapGet("/faults", Faults);
        api.MapPut("/faults", SetFaultsAsync);
        api.MapPost("/faults/{kind}", Force);
        api.MapGet("/clock", Clock);
        api.MapPut("/clock", SetClockAsync);
    }

    private static IResult Connect(string id, SimulatedPlatform platform) => Ended(platform.Connect(id));

    private static async Task<IResult> FailAsync(string id, HttpRequest request, SimulatedPlatform platform) =>
        Ended(platform.Fail(id, (await Bodies.ReadAsync(request))?.Text("error_code") ?? SetupErrors.Usual));

    private static IResult Ended(SetupEnd? end) => end is null
        ? Answers.Error(StatusCodes.Status409Conflict, "Expected an active setup link; this one is used, expired, revoked or unknown.")
        : Answers.Data(new { end.RedirectUrl, RedirectDropped = end.Dropped, PhoneNumberId = end.Number?.Id });

    private static IResult ConnectDirectly(string id, SimulatedPlatform platform) => platform.ConnectDirectly(id) is { } number
        ? Answers.Data(Rows.Of(number), StatusCodes.Status201Created)
        : Answers.NotFound("Customer");

    private static async Task<IResult> AddSampleAsync(HttpRequest request, SimulatedPlatform platform) =>
        await Bodies.ReadAsync(request) is { } body
        && body.Text("customer_id") is { Length: > 0 and <= 128 } customer && body.Text("phone_number_id") is { Length: > 0 and <= 128 } number
            ? Answers.Data(Rows.Of(platform.AddSample(customer, number)))
            : Unexpected("{\"customer_id\":\"…\",\"phone_number_id\":\"…\"}");

    private static IResult Act(string id, string action, SimulatedPlatform platform)
    {
        if (Names.Parse<NumberAction>(action) is not { } what)
            return Answers.Error(StatusCodes.Status404NotFound, $"Expected {Names.List<NumberAction>()}.");
        return platform.Act(id, what) is { } number
            ? Answers.Data(Rows.Of(number))
            : Answers.Error(StatusCodes.Status409Conflict, "That does not apply to this number: it is unknown, the company's own, or already so.");
    }

    private static async Task<IResult> ActOnAccountAsync(string action, HttpRequest request, SimulatedPlatform platform)
    {
        if (Names.Parse<AccountAction>(action) is not { } what)
            return Answers.Error(StatusCodes.Status404NotFound, $"Expected {Names.List<AccountAction>()}.");
        if (await Bodies.ReadAsync(request) is not { } body || body.Texts("phone_number_ids") is not { Count: > 0 } numbers)
            return Unexpected("{\"phone_number_ids\":[\"…\"],\"expires_at\":\"2026-03-04T12:00:00Z\" or nothing}");
        return platform.Act(numbers, what, body.Time("expires_at")) is { } told
            ? Answers.Data(told.Select(Rows.Of))
            : Answers.NotFound("One of the numbers");
    }

    private static async Task<IResult> ChangeWebhookAsync(string id, HttpRequest request, SimulatedPlatform platform)
    {
        if (await Bodies.ReadAsync(request) is not { } body)
            return Unexpected("a JSON object");
        var shape = Names.Parse<DeliveryShape>(body.Text("shape"));
        if (shape is null && body.Text("shape") is not null)
            return Unexpected($"a shape: {Names.List<DeliveryShape>()}");
        var changed = platform.ChangeWebhook(id, webhook => webhook with { Shape = shape ?? webhook.Shape });
        return Answers.Found(changed, webhook => Rows.Of(webhook, platform.ProjectId), "Webhook");
    }

    private static async Task<IResult> RefuseAsync(HttpRequest request, SimulatedPlatform platform)
    {
        if (await Bodies.ReadAsync(request) is not { } body || body.Number("status") is not ({ } status and >= 400 and < 500))
            return Unexpected("{\"status\":400…499,\"code\":number or null,\"text\":\"…\",\"times\":1}");
        platform.RefuseMessages(
            new((int)status, (int?)body.Number("code"), body.Text("text") ?? "Refused"), (int)Math.Clamp(body.Number("times") ?? 1, 1, 1_000));
        return Results.NoContent();
    }

    private static async Task<IResult> SetFaultsAsync(HttpRequest request, SimulatedPlatform platform)
    {
        if (await Bodies.ReadAsync(request) is not { } body)
            return Unexpected("a JSON object of faults and rates from 0 to 1");
        var plan = new FaultPlan();
        foreach (var member in body.EnumerateObject())
        {
            if (Names.Parse<FaultKind>(member.Name) is not { } kind)
                return Unexpected($"faults: {Names.List<FaultKind>()}");
            if (member.Value.ValueKind != JsonValueKind.Number || member.Value.GetDouble() is < 0 or > 1)
                return Unexpected($"a rate from 0 to 1 for {member.Name}");
            plan = plan with { Rates = plan.Rates.SetItem(kind, member.Value.GetDouble()) };
        }

        platform.Dice.Plan = plan;
        return Faults(platform);
    }

    private static IResult Force(string kind, int? times, SimulatedPlatform platform)
    {
        if (Names.Parse<FaultKind>(kind) is not { } fault)
            return Answers.Error(StatusCodes.Status404NotFound, $"Expected {Names.List<FaultKind>()}.");
        platform.Dice.Force(fault, Math.Clamp(times ?? 1, 1, 1_000));
        return Faults(platform);
    }

    private static IResult Faults(SimulatedPlatform platform)
    {
        var plan = platform.Dice.Plan;
        return Answers.Data(new
        {
            platform.Dice.Seed,
            Rates = Enum.GetValues<FaultKind>().ToDictionary(kind => kind, plan.RateOf),
            Next = plan.Next.Where(pair => pair.Value > 0).ToDictionary(),
            Happened = platform.Dice.Fallen.OrderBy(pair => pair.Key).ToDictionary(),
        });
    }

    private static IResult Clock(SimulatedPlatform platform) => Answers.Data(new { Now = platform.Clock.UtcNow, platform.Clock.Factor });

    private static async Task<IResult> SetClockAsync(HttpRequest request, SimulatedPlatform platform)
    {
        if (await Bodies.ReadAsync(request) is not { } body
            || body.Number("factor") is <= 0 or > 100_000 || body.Number("advance_seconds") is < 0 or > 366 * 86_400)
            return Unexpected("{\"factor\":above 0 to 100000,\"advance_seconds\":0 to a year}, each optional");
        if (body.Number("factor") is { } factor)
            platform.Clock.Factor = factor;
        if (body.Number("advance_seconds") is { } seconds)
            platform.Clock.Advance(TimeSpan.FromSeconds(seconds));
        return Clock(platform);
    }

    private static IResult Unexpected(string expected) => Answers.Error(StatusCodes.Status400BadRequest, $"Expected {expected}.");
}
