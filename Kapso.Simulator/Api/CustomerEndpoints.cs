namespace Kapso.Simulator.Api;

/// <summary><c>/platform/v1/customers</c></summary>
internal static class CustomerEndpoints
{
    public static void MapCustomers(this IEndpointRouteBuilder platform)
    {
        platform.MapPost("/customers", CreateAsync);
        platform.MapGet("/customers", List);
        platform.MapGet("/customers/{id}", Get);
        platform.MapPatch("/customers/{id}", ChangeAsync);
        platform.MapDelete("/customers/{id}", Delete);
    }

    private static Task<IResult> CreateAsync(HttpRequest request, SimulatedPlatform platform) => Bodies.AnswerAsync(request, "customer", body =>
    {
        if (body.Text("name") is not { Length: > 0 } name)
            return Answers.Error(StatusCodes.Status422UnprocessableEntity, "Name can't be blank");
        return platform.CreateCustomer(name, body.Text("external_customer_id")) is { } customer
            ? Answers.Data(Rows.Of(customer), StatusCodes.Status201Created)
            : Answers.Error(StatusCodes.Status422UnprocessableEntity, "External customer has already been taken");
    });

    private static IResult List(HttpRequest request, SimulatedPlatform platform) =>
        Answers.Page(request, platform.Customers(request.Query["external_customer_id"]), Rows.Of);

    private static IResult Get(string id, SimulatedPlatform platform) => Answers.Found(platform.FindCustomer(id), Rows.Of, "Customer");

    private static IResult Delete(string id, SimulatedPlatform platform) => platform.DeleteCustomer(id)
        ? Results.NoContent()
        : Answers.Found(platform.FindCustomer(id), Rows.Of, "Customer");

    private static Task<IResult> ChangeAsync(string id, HttpRequest request, SimulatedPlatform platform) =>
        Bodies.AnswerAsync(request, "customer", body =>
            Answers.Found(platform.ChangeCustomer(id, body.Text("name"), body.Text("external_customer_id")), Rows.Of, "Customer"));
}
