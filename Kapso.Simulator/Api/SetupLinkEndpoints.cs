using Kapso.Simulator.Hosting;
using Kapso.Simulator.World;

namespace Kapso.Simulator.Api;

/// <summary><c>/platform/v1/customers/{customer}/setup_links</c></summary>
internal static class SetupLinkEndpoints
{
    public static void MapSetupLinks(this IEndpointRouteBuilder platform)
    {
        platform.MapPost("/customers/{customer}/setup_links", CreateAsync);
        platform.MapGet("/customers/{customer}/setup_links", List);
        platform.MapPatch("/customers/{customer}/setup_links/{id}", ChangeAsync);
    }

    private static async Task<IResult> CreateAsync(string customer, HttpRequest request, SimulatedPlatform platform, Mounting mounting)
    {
        if (await Bodies.ReadAsync(request, "setup_link") is not { } body)
            return Answers.Error(StatusCodes.Status400BadRequest, "param is missing or the value is empty: setup_link");
        var (success, failure) = (body.Text("success_redirect_url"), body.Text("failure_redirect_url"));
        if (!IsWebOrMissing(success) || !IsWebOrMissing(failure))
            return Answers.Error(StatusCodes.Status422UnprocessableEntity, "Redirect URL is not a valid URL");

        return platform.CreateSetupLink(customer, success, failure, body, mounting.PublicUrl(request)) is { } link
            ? Answers.Data(Rows.Of(link, platform.Clock.UtcNow, withToken: true), StatusCodes.Status201Created)
            : Answers.NotFound("Customer");
    }

    private static IResult List(string customer, HttpRequest request, SimulatedPlatform platform) =>
        platform.FindCustomer(customer) is null
            ? Answers.NotFound("Customer")
            : Answers.Page(
                request, platform.SetupLinks(customer, request.Query["status"]), link => Rows.Of(link, platform.Clock.UtcNow));

    private static async Task<IResult> ChangeAsync(string customer, string id, HttpRequest request, SimulatedPlatform platform)
    {
        if (await Bodies.ReadAsync(request, "setup_link") is not { } body)
            return Answers.Error(StatusCodes.Status400BadRequest, "param is missing or the value is empty: setup_link");
        if (body.Text("status") is { } status && status != SetupLink.Revoked)
            return Answers.Error(StatusCodes.Status422UnprocessableEntity, "Status can only be changed to revoked");
        return platform.ChangeSetupLink(customer, id, body.Text("status") == SetupLink.Revoked, body.Time("expires_at")) is { } link
            ? Answers.Data(Rows.Of(link, platform.Clock.UtcNow))
            : Answers.NotFound("Setup link");
    }

    private static bool IsWebOrMissing(string? url) =>
        url is null || (Uri.TryCreate(url, UriKind.Absolute, out var parsed) && (parsed.Scheme == Uri.UriSchemeHttp || parsed.Scheme == Uri.UriSchemeHttps));
}
