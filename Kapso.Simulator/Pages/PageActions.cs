using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Kapso.Simulator.Api;
using Kapso.Simulator.Faults;
using Kapso.Simulator.Hosting;
using Kapso.Simulator.World;

namespace Kapso.Simulator.Pages;

/// <summary>What the forms of the front page do. Each goes back to the page, with a sentence of what came of it.</summary>
internal static class PageActions
{
    public static void MapActions(this IEndpointRouteBuilder actions)
    {
        actions.MapPost("/customers", CreateCustomer);
        actions.MapPost("/setup-links", CreateLink);
        actions.MapPost("/setup-links/revoke", RevokeLink);
        actions.MapPost("/numbers", Act);
        actions.MapPost("/webhooks", CreateWebhook);
        actions.MapPost("/webhooks/change", ChangeWebhook);
        actions.MapPost("/clock", SetClock);
        actions.MapPost("/faults", SetFaults);
    }

    private static Task<IResult> CreateCustomer(HttpRequest request, SimulatedPlatform platform, Mounting mounting) =>
        DoAsync(request, mounting, "customers", form =>
        {
            var name = form["name"].ToString().Trim();
            var external = form["external"].ToString().Trim();
            if (name.Length == 0)
                return "A customer needs a name.";
            return platform.CreateCustomer(name, external.Length == 0 ? null : external) is null
                ? $"There is a customer with the id {external} already."
                : $"{name} is a customer now.";
        });

    private static Task<IResult> CreateLink(HttpRequest request, SimulatedPlatform platform, Mounting mounting) =>
        DoAsync(request, mounting, "links", form => platform.CreateSetupLink(
                form["customer"].ToString(), Address(form["success"]), Address(form["failure"]), default(JsonElement), mounting.PublicUrl(request)) is null
            ? "There is no such customer."
            : "The link is made; an earlier one of the customer's is revoked.");

    private static Task<IResult> RevokeLink(HttpRequest request, SimulatedPlatform platform, Mounting mounting) =>
        DoAsync(request, mounting, "links", form =>
            platform.FindSetupLink(form["id"].ToString()) is { } link && platform.ChangeSetupLink(link.CustomerId, link.Id, revoke: true, expiresAt: null) is not null
                ? "The link is revoked."
                : "There is no such link.");

    private static Task<IResult> Act(HttpRequest request, SimulatedPlatform platform, Mounting mounting) =>
        DoAsync(request, mounting, "numbers", form =>
            Names.TryParse<NumberAction>(form["action"].ToString(), out var action) && platform.Act(form["id"].ToString(), action) is { } number
                ? $"{number.Display}: {Names.Of(action)} is done and told."
                : "That does not apply to this number.");

    private static Task<IResult> CreateWebhook(HttpRequest request, SimulatedPlatform platform, Mounting mounting) =>
        DoAsync(request, mounting, "webhooks", form =>
        {
            if (Address(form["url"]) is not { } url)
                return "A webhook needs an http or https address.";
            platform.CreateWebhook(new Uri(url), form["secret"].ToString() is { Length: > 0 } secret ? secret : null, Events.All);
            return "The webhook is registered for all events.";
        });

    private static Task<IResult> ChangeWebhook(HttpRequest request, SimulatedPlatform platform, Mounting mounting) =>
        DoAsync(request, mounting, "webhooks", form =>
        {
            var id = form["id"].ToString();
            switch (form["action"].ToString())
            {
                case "test":
                    return platform.Test(id, eventName: null) ? "A test delivery is on its way." : "There is no such webhook.";
                case "enable":
                case "pause":
                    var active = form["action"] == "enable";
                    return platform.ChangeWebhook(id, webhook => webhook with { Active = active }) is null
                        ? "There is no such webhook."
                        : active ? "The webhook is active." : "The webhook is paused.";
                default:
                    return Names.TryParse<DeliveryShape>(form["shape"].ToString(), out var shape)
                        && platform.ChangeWebhook(id, webhook => webhook with { Shape = shape }) is not null
                        ? $"Deliveries have the shape {Names.Of(shape)} now."
                        : "There is no such webhook, or no such shape.";
            }
        });

    private static Task<IResult> SetClock(HttpRequest request, SimulatedPlatform platform, Mounting mounting) =>
        DoAsync(request, mounting, "clock", form =>
        {
            if (double.TryParse(form["advance"], CultureInfo.InvariantCulture, out var minutes) && minutes is >= 0 and <= 366 * 1_440)
            {
                platform.Clock.Advance(TimeSpan.FromMinutes(minutes));
                return "The clock is put forward.";
            }

            if (!double.TryParse(form["factor"], CultureInfo.InvariantCulture, out var factor) || factor is <= 0 or > 100_000)
                return "Expected a number above 0, and at most 100000.";
            platform.Clock.Factor = factor;
            return string.Create(CultureInfo.InvariantCulture, $"A second is {factor:0.###} simulated seconds now.");
        });

    private static Task<IResult> SetFaults(HttpRequest request, SimulatedPlatform platform, Mounting mounting) =>
        DoAsync(request, mounting, "faults", form =>
        {
            if (Names.TryParse<FaultKind>(form["next"].ToString(), out var next))
            {
                platform.Dice.Force(next, 1);
                return $"The next chance for {Names.Of(next)} is taken.";
            }

            platform.Dice.Plan = form["all"].ToString() switch
            {
                "on" => FaultPlan.Everything(0.3),
                "off" => new FaultPlan(),
                _ => new FaultPlan
                {
                    Rates = Enum.GetValues<FaultKind>().ToImmutableDictionary(kind => kind, kind => Percent(form[Names.Of(kind)])),
                },
            };
            return platform.Dice.Plan.Rates.Values.Any(rate => rate > 0) ? "The faults are set." : "No faults.";
        });

    private static double Percent(string? text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var percent) ? Math.Clamp(percent, 0, 100) / 100 : 0;

    private static string? Address(string? text) =>
        Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? url.AbsoluteUri
            : null;

    private static async Task<IResult> DoAsync(HttpRequest request, Mounting mounting, string section, Func<IFormCollection, string> action)
    {
        if (!request.HasFormContentType)
            return Answers.Error(StatusCodes.Status415UnsupportedMediaType, "Expected a form.");
        var said = action(await request.ReadFormAsync());
        return new SeeOther($"{mounting.Base(request)}/?said={Uri.EscapeDataString(said)}#{section}");
    }
}
