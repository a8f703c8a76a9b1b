using Kapso.Simulator.Hosting;

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

    private static Task<IResult> CreateAsync(string customer, HttpRequest request, SimulatedPlatform platform, Mounting mounting) =>
        Bodies.AnswerAsync(request, "setup_link", body =>
        {
            var (success, failure) = (body.Text("success_redirect_url"), body.Text("failure_redirect_url"));
            if (new[] { success, failure }.Any(url => url is not null && Bodies.WebUrl(url) is null))
                return Answers.Error(StatusCodes.Status422UnprocessableEntity, "Redirect URL is not a valid URL");
            PhoneNumber? again = null;
            if (body.Text("reconnect_phone_number") is { } phone)
            {
                if (body.Truth("provision_phone_number") == true)
                    return Answers.Error(StatusCodes.Status422UnprocessableEntity, "provision_phone_number cannot be used with reconnect_phone_number");
                if (body.Texts("allowed_connection_types") is { } types && types is not [PhoneNumber.ConnectionType])
                    return Answers.Error(StatusCodes.Status422UnprocessableEntity, "allowed_connection_types must match the existing WhatsApp config");
                again = platform.FindToReconnect(customer, phone);
                if (again is null)
                    return Answers.Error(StatusCodes.Status422UnprocessableEntity, "reconnect_phone_number must match an existing WhatsApp config for this customer");
            }

            return platform.CreateSetupLink(customer, success, failure, body, mounting.PublicUrl, again?.Id) is { } link
                ? Answers.Data(Rows.OfNew(link, platform.Clock.UtcNow), StatusCodes.Status201Created)
                : Answers.NotFound("Customer");
        });

    private static IResult List(string customer, HttpRequest request, SimulatedPlatform platform) =>
        platform.FindCustomer(customer) is null
            ? Answers.NotFound("Customer")
            : Answers.Page(
                request, platform.SetupLinks(customer, request.Query["status"]), link => Rows.Of(link, platform.Clock.UtcNow));

    private static Task<IResult> ChangeAsync(string customer, string id, HttpRequest request, SimulatedPlatform platform) =>
        Bodies.AnswerAsync(request, "setup_link", body =>
        {
            var status = body.Text("status");
            if (status is not (null or SetupLink.Revoked))
                return Answers.Error(StatusCodes.Status422UnprocessableEntity, "Status can only be changed to revoked");
            var changed = platform.ChangeSetupLink(customer, id, revoke: status is not null, body.Time("expires_at"));
            return Answers.Found(changed, link => Rows.Of(link, platform.Clock.UtcNow), "Setup link");
        });
}
