using System.Globalization;
using Kapso.Platform.Numbers;
using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Customers.Live;
using Kapso.Web.Http;
using Kapso.Web.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Operators.Customers;

/// <summary>The customers of a project, and one of them.</summary>
internal static class CustomerRoutes
{
    /// <summary>Rows of one page.</summary>
    public const int PageSize = 50;

    /// <summary>The longest that a page waits for the platform.</summary>
    private static readonly TimeSpan LongestAsk = TimeSpan.FromSeconds(2);

    /// <summary>What is said of a customer who is not known.</summary>
    public const string Unknown = "Nothing was ever heard of this customer.";

    /// <summary>Maps them below the project.</summary>
    public static void MapCustomers(this IEndpointRouteBuilder project)
    {
        project.MapGet("/customers", ListAsync);
        project.MapGet("/customer", ShowAsync);
        project.MapGet("/customer/events", FollowAsync);
        foreach (var action in EffectAct.All)
        {
            project.MapGet($"/customer/{action.Name}", (HttpContext context, IConnectionEngine engine) => AskAsync(context, engine, action))
                .AsksFor(action.Audited);
            project.MapPost($"/customer/{action.Name}", (HttpContext context, IConnectionEngine engine) => ActAsync(context, engine, action))
                .Audited(action.Audited, "id", "effect");
        }
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, string? query, string? status, string? tag, string? cursor, IConnectionEngine engine, CancellationToken cancellationToken)
    {
        var view = OperatorView.Of(context);
        (query, tag) = (query?.Trim(), Blank(tag?.Trim()));
        var wrong = ListParameters.CheckText(query) ?? ListParameters.CheckCursor(Blank(cursor));
        wrong ??= TagObjection(tag);
        wrong = ListParameters.ReadName("status", Blank(status), out var wanted, Enum.GetValues<ConnectionStatus>()) ?? wrong;
        var page = wrong is null
            ? await engine.ListConnectionsAsync(
                new ConnectionQuery(view.Project!.Id, wanted, Blank(query), Blank(cursor), PageSize) { Tags = tag is null ? [] : [tag] }, cancellationToken)
            : new Page<ConnectionRow>([], null);
        return OperatorPages.Show<CustomersPage>(
            context,
            new { View = view, Rows = page, Text = query, Status = wanted, Tag = tag, Cursor = Blank(cursor), Problem = wrong },
            wrong is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext context, string? notice, string? health, IConnectionEngine engine, [FromServices] NumberHealths healths, CancellationToken cancellationToken)
    {
        if (await FindAsync(context, engine, cancellationToken) is not { } connection)
            return await ShowErasedAsync(context, engine, cancellationToken);
        var slow = connection.FindNumber(health) is not null && !await IsToldAsync(healths, connection.Key, health!, cancellationToken) ? health : null;
        return OperatorPages.Show<ConnectionPage>(
            context,
            new
            {
                View = OperatorView.Of(context),
                Connection = connection,
                Healths = healths,
                Awaited = slow,
                Notice = EffectAct.SayDone(notice) ?? GreetEndpoints.SayDone(notice) ?? LinkEndpoints.SayDone(notice)
                    ?? CustomerNamesEndpoints.SayDone(notice) ?? ReconnectLinkEndpoints.SayDone(notice),
            });
    }

    private static async Task<IResult> ShowErasedAsync(HttpContext context, IConnectionEngine engine, CancellationToken cancellationToken) =>
        TryReadKey(context, out var key) && await engine.FindErasureAsync(key, cancellationToken) is { } erasure
            ? OperatorPages.Show<ErasedPage>(context, new { View = OperatorView.Of(context), key.CustomerId, Erasure = erasure })
            : OperatorPages.NotFound(context, Unknown);

    /// <summary>Asks for a number's health, and waits for a moment: the page comes whatever the platform does.</summary>
    private static async Task<bool> IsToldAsync(NumberHealths healths, CustomerKey key, string number, CancellationToken cancellationToken)
    {
        try
        {
            await healths.AskAsync(key, number, cancellationToken).WaitAsync(LongestAsk, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // The page is told only that something changed, and fetches itself again.
    private static async Task FollowAsync(HttpContext context)
    {
        if (!TryReadKey(context, out var key))
        {
            await Problems.NotFound(Unknown).ExecuteAsync(context);
            return;
        }

        var changes = 0;
        await ChangeStream.ServeAsync(
            context, key, SignIn.SignedIn.Of(context).Nonce,
            _ => new LiveChange(string.Create(CultureInfo.InvariantCulture, $"event: changed\ndata: {++changes}\n\n"), Ends: false));
    }

    private static async Task<IResult> AskAsync(HttpContext context, IConnectionEngine engine, EffectAct action)
    {
        return await FindAsync(context, engine, context.RequestAborted) is { } connection
            && connection.FindEffect(context.Request.Query["effect"].ToString()) is { } effect
                ? OperatorPages.Show<EffectActPage>(
                    context,
                    new { View = OperatorView.Of(context), connection.Key.CustomerId, connection.Names, Effect = effect, Act = action })
                : OperatorPages.NotFound(context, "The customer has no such effect waiting (any more).");
    }

    private static async Task<IResult> ActAsync(HttpContext context, IConnectionEngine engine, EffectAct action)
    {
        var id = context.Request.Query["effect"].ToString();
        if (!TryReadKey(context, out var key) || !BoundedId.IsValid(id))
            return OperatorPages.NotFound(context, Unknown);

        var result = await action.RunAsync(engine, key, id, SignIn.SignedIn.Of(context).Name, context.RequestAborted);
        return result switch
        {
            EffectAction.NotFound => OperatorPages.NotFound(context, "The customer has no such effect (any more)."),
            EffectAction.NotWaiting => OperatorPages.Problem(
                context, "Nothing was done", "The effect is on its way by itself: only what is held or dead waits for a person.",
                StatusCodes.Status409Conflict),
            _ => Parts.Onward.To(
                context,
                new OperatorUrls("", key.ProjectId).Customer(key.CustomerId, result == EffectAction.Applied ? action.Name : EffectAct.Before)),
        };
    }

    private static async Task<Connection?> FindAsync(
        HttpContext context, IConnectionEngine engine, CancellationToken cancellationToken) =>
        TryReadKey(context, out var key) ? await engine.FindAsync(key, cancellationToken) : null;

    /// <summary>The customer that a request is about; false where its id cannot be one.</summary>
    public static bool TryReadKey(HttpContext context, out CustomerKey key) => CustomerKey.TryCreate(
        context.Request.RouteValues["project_id"] as string, context.Request.Query["id"].ToString(), out key);

    /// <summary>What is wrong with a tag that a page is asked for by; null where nothing is.</summary>
    public static string? TagObjection(string? tag) =>
        tag is null || CustomerTags.TryParse(tag, out _, out _) ? null : "A tag is searched for as key:value, as in plan:pro.";

    /// <summary>A text that was sent empty is none.</summary>
    public static string? Blank(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
