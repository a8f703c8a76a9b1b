namespace Kapso.Simulator.Api;

/// <summary><c>/platform/v1/whatsapp/phone_numbers</c></summary>
internal static class NumberEndpoints
{
    public static void MapNumbers(this IEndpointRouteBuilder platform)
    {
        platform.MapGet("/whatsapp/phone_numbers", List);
        platform.MapGet("/whatsapp/phone_numbers/{id}", Get);
        platform.MapGet("/whatsapp/phone_numbers/{id}/health", Health);
    }

    private static IResult List(HttpRequest request, SimulatedPlatform platform) =>
        Answers.Page(request, platform.VisibleNumbers(request.Query["customer_id"], request.Query["phone_number_id"]), Rows.Of);

    private static IResult Get(string id, SimulatedPlatform platform) =>
        platform.VisibleNumbers(phoneNumberId: id) is [var number, ..] ? Answers.Data(Rows.Of(number)) : Answers.NotFound("Phone number");

    // Not wrapped in data: so it is on the platform.
    private static IResult Health(string id, SimulatedPlatform platform)
    {
        if (platform.VisibleNumbers(phoneNumberId: id) is not [var number, ..])
            return Answers.NotFound("Phone number");
        var details = new { DisplayPhoneNumber = number.Display, number.Status };
        return Answers.Json(new
        {
            Status = !number.IsConnected ? "unhealthy" : number.Quality == "RED" ? "degraded" : "healthy",
            Timestamp = platform.Clock.UtcNow,
            Checks = new
            {
                PhoneNumberAccess = new { Passed = number.IsConnected, details },
                QualityRating = new { Passed = number.Quality != "RED" },
                WebhookVerified = new { Passed = true },
            },
        });
    }
}
