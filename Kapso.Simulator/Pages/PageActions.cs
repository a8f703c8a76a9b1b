using System.Collections.Immutable;
using System.Globalization;
using Kapso.Simulator.Api;
using Kapso.Simulator.Faults;
using Kapso.Simulator.Hosting;

namespace Kapso.Simulator.Pages;

/// <summary>What the forms of the front page do. Each goes back to the page, with a sentence of what came of it.</summary>
internal static class PageActions
{
    public static void MapActions(this IEndpointRouteBuilder actions)
    {
        Map("/customers", "customers", CreateCustomer);
        Map("/setup-links", "links", CreateLink);
        Map("/setup-links/revoke", "links", RevokeLink);
        Map("/numbers", "numbers", Act);
        Map("/accounts", "numbers", ActOnAccount);
        Map("/webhooks", "webhooks", CreateWebhook);
        Map("/webhooks/change", "webhooks", ChangeWebhook);
        Map("/clock", "clock", SetClock);
        Map("/faults", "faults", SetFaults);

        void Map(string path, string section, Func<Form, SimulatedPlatform, string> action) =>
            actions.MapPost(path, async (HttpContext context, SimulatedPlatform platform, Mounting mounting) =>
            {
                if (!context.Request.HasFormContentType)
                    return Answers.Error(StatusCodes.Status415UnsupportedMediaType, "Expected a form.");
                var said = action(new(await context.Request.ReadFormAsync(), mounting), platform);
                return context.SeeOther($"{mounting.Base}/?said={Uri.EscapeDataString(said)}#{section}");
            });
    }

    private static string CreateCustomer(Form form, SimulatedPlatform platform)
    {
        var (name, external) = (form["name"].Trim(), form["external"].Trim());
        if (name.Length == 0)
            return "A customer needs a name.";
        return platform.CreateCustomer(name, external.Length == 0 ? null : external) is null
            ? $"There is a customer with the id {external} already."
            : $"{name} is a customer now.";
    }

    private static string CreateLink(Form form, SimulatedPlatform platform)
    {
        var (success, failure) = (form.Url("success")?.AbsoluteUri, form.Url("failure")?.AbsoluteUri);
        return platform.CreateSetupLink(form["customer"], success, failure, options: default, form.Mounting.PublicUrl) is null
            ? "There is no such customer."
            : "The link is made; an earlier one of the customer's is revoked.";
    }

    private static string RevokeLink(Form form, SimulatedPlatform platform) =>
        platform.FindSetupLink(form["id"]) is { } link && platform.ChangeSetupLink(link.CustomerId, link.Id, revoke: true, expiresAt: null) is not null
            ? "The link is revoked."
            : "There is no such link.";

    private static string Act(Form form, SimulatedPlatform platform) =>
        Names.Parse<NumberAction>(form["action"]) is { } action && platform.Act(form["id"], action) is { } number
            ? $"{number.Display}: {Names.Of(action)} is done{(action <= NumberAction.Reconnect ? " and told" : "; no webhook tells of it")}."
            : "That does not apply to this number.";

    private static string ActOnAccount(Form form, SimulatedPlatform platform) =>
        Names.Parse<AccountAction>(form["action"]) is { } action && platform.Act([form["id"]], action) is { } numbers
            ? $"The account of {string.Join(", ", numbers.Select(number => number.Display))}: {Names.Of(action).Replace('_', ' ')} is told."
            : "There is no such number.";

    private static string CreateWebhook(Form form, SimulatedPlatform platform)
    {
        if (form.Url("url") is not { } url)
            return "A webhook needs an http or https address.";
        platform.CreateWebhook(url, form["secret"] is { Length: > 0 } secret ? secret : null, Events.All);
        return "The webhook is registered for all events.";
    }

    private static string ChangeWebhook(Form form, SimulatedPlatform platform)
    {
        const string Unknown = "There is no such webhook.";
        return form["action"] switch
        {
            "test" => platform.Test(form["id"], eventName: null) ? "A test delivery is on its way." : Unknown,
            "enable" => Changed(webhook => webhook with { Active = true }) ? "The webhook is active." : Unknown,
            "pause" => Changed(webhook => webhook with { Active = false }) ? "The webhook is paused." : Unknown,
            _ => Names.Parse<DeliveryShape>(form["shape"]) is { } shape && Changed(webhook => webhook with { Shape = shape })
                ? $"Deliveries have the shape {Names.Of(shape)} now."
                : "There is no such webhook, or no such shape.",
        };

        bool Changed(Func<Webhook, Webhook> change) => platform.ChangeWebhook(form["id"], change) is not null;
    }

    private static string SetClock(Form form, SimulatedPlatform platform)
    {
        if (form.Number("advance") is { } minutes and >= 0 and <= 366 * 1_440)
        {
            platform.Clock.Advance(TimeSpan.FromMinutes(minutes));
            return "The clock is put forward.";
        }

        if (form.Number("factor") is not ({ } factor and > 0 and <= 100_000))
            return "Expected a number above 0, and at most 100000.";
        platform.Clock.Factor = factor;
        return string.Create(CultureInfo.InvariantCulture, $"A second is {factor:0.###} simulated seconds now.");
    }

    private static string SetFaults(Form form, SimulatedPlatform platform)
    {
        if (Names.Parse<FaultKind>(form["next"]) is { } next)
        {
            platform.Dice.Force(next, 1);
            return $"The next chance for {Names.Of(next)} is taken.";
        }

        platform.Dice.Plan = form["all"] switch
        {
            "on" => FaultPlan.Everything(0.3),
            "off" => new FaultPlan(),
            _ => new FaultPlan
            {
                Rates = Enum.GetValues<FaultKind>().ToImmutableDictionary(
                    kind => kind, kind => Math.Clamp(form.Number(Names.Of(kind)) ?? 0, 0, 100) / 100),
            },
        };
        return platform.Dice.Plan.Rates.Values.Any(rate => rate > 0) ? "The faults are set." : "No faults.";
    }

    /// <summary>What was posted, and where.</summary>
    private sealed record Form(IFormCollection Fields, Mounting Mounting)
    {
        public string this[string name] => Fields[name].ToString();

        public double? Number(string name) => double.TryParse(this[name], CultureInfo.InvariantCulture, out var number) ? number : null;

        public Uri? Url(string name) => Bodies.WebUrl(this[name].Trim());
    }
}
