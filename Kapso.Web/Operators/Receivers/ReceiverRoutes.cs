using System.Globalization;
using Kapso.Platform.Receivers;
using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Management;
using Kapso.Web.Operators.Customers;
using Kapso.Web.Operators.Parts;
using Kapso.Web.Operators.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Operators.Receivers;

/// <summary>The receivers of a project, and what was sent to them.</summary>
internal static class ReceiverRoutes
{
    /// <summary>Where making one is, below the project.</summary>
    public const string New = "receivers/new";

    private const string Resent = "resent";
    private const string Before = "before";

    /// <summary>Maps them below the project.</summary>
    public static void MapReceivers(this IEndpointRouteBuilder project)
    {
        project.MapGet("/receivers", ListAsync);
        project.MapGet($"/{New}", (HttpContext context) => ShowForm(context, null, null, [], null, null)).AsksFor(AuditActions.CreateReceiver);
        project.MapPost($"/{New}", MakeAsync).Audited(AuditActions.CreateReceiver);
        project.MapGet("/receiver", ShowAsync);
        project.MapGet("/receiver/message", ShowMessageAsync);
        project.MapPost("/receiver/message", ResendAsync).Audited(AuditActions.ResendMessage, target: "message");
        project.MapPost($"/receiver/{ReceiverAct.Test}", TestAsync).Audited(AuditActions.TestReceiver, target: "id");
        project.MapPost($"/receiver/{ReceiverAct.Resend}", ResendFailedAsync).Audited(AuditActions.ResendMessages, target: "id");
        project.MapGet($"/receiver/{ReceiverAct.Edit}", AskToChangeAsync).AsksFor(AuditActions.ChangeReceiver);
        project.MapPost($"/receiver/{ReceiverAct.Edit}", ChangeAsync).Audited(AuditActions.ChangeReceiver, target: "id");
        foreach (var act in ReceiverAct.All)
        {
            project.MapGet($"/receiver/{act.Name}", (HttpContext context, [FromServices] ProjectReceivers receivers) => AskAsync(context, receivers, act))
                .AsksFor(act.Audited);
            project.MapPost($"/receiver/{act.Name}", (HttpContext context, [FromServices] ProjectReceivers receivers) => ActAsync(context, receivers, act))
                .Audited(act.Audited, target: "id");
        }
    }

    private static async Task<IResult> ListAsync(HttpContext context, string? notice, [FromServices] ProjectReceivers receivers) => OperatorPages.Show<ReceiversPage>(
        context,
        new
        {
            View = OperatorView.Of(context),
            Receivers = await receivers.ListAsync(ProjectOf(context), context.RequestAborted),
            Notice = ReceiverAct.SayDone(notice),
        });

    private static async Task<IResult> ShowAsync(
        HttpContext context, string? status, string? cursor, string? notice, IConnectionEngine engine, [FromServices] ProjectReceivers receivers, TimeProvider time)
    {
        var wrong = ListParameters.CheckCursor(cursor);
        wrong = ListParameters.ReadName("status", string.IsNullOrEmpty(status) ? null : status, out var wanted, Enum.GetValues<MessageStatus>()) ?? wrong;
        if (wrong is not null)
            return OperatorPages.Problem(context, "This address is wrong", wrong, StatusCodes.Status400BadRequest);
        if (await FindAsync(context, receivers) is not { } receiver)
            return OperatorPages.NotFound(context, ReceiverEndpoints.NotFound);
        return OperatorPages.Show<ReceiverPage>(
            context,
            new
            {
                View = OperatorView.Of(context),
                Receiver = receiver,
                Messages = await engine.ListMessagesAsync(
                    new MessageQuery(ProjectOf(context), receiver.Id, wanted, cursor, CustomerRoutes.PageSize), context.RequestAborted),
                Status = wanted,
                Cursor = cursor,
                Now = time.GetUtcNow(),
                Notice = SayDone(notice),
            });
    }

    private static async Task<IResult> ShowMessageAsync(HttpContext context, string? notice, IConnectionEngine engine)
    {
        var (receiver, id) = (IdOf(context), context.Request.Query["message"].ToString());
        return await engine.FindMessageAsync(ProjectOf(context), receiver, id, context.RequestAborted) is { } message
            ? OperatorPages.Show<MessagePage>(
                context, new { View = OperatorView.Of(context), ReceiverId = receiver, Message = message, Notice = SayDone(notice) })
            : OperatorPages.NotFound(context, MessageEndpoints.NotKept);
    }

    private static async Task<IResult> ResendAsync(HttpContext context, [FromServices] ReceiverMessages messages)
    {
        var (receiver, id) = (IdOf(context), context.Request.Query["message"].ToString());
        return await messages.ResendAsync(ProjectOf(context), receiver, id, SignedIn.Of(context).Name, context.RequestAborted) switch
        {
            EffectAction.NotFound => OperatorPages.NotFound(context, MessageEndpoints.NotKept),
            EffectAction.NotWaiting => OperatorPages.Problem(
                context, "Nothing was done", "The message is on its way by itself.", StatusCodes.Status409Conflict),
            var action => Onward.To(context, Urls(context).Message(receiver, id, action == EffectAction.Applied ? Resent : Before)),
        };
    }

    private static async Task<IResult> ResendFailedAsync(
        HttpContext context, [FromServices] ProjectReceivers receivers, [FromServices] ReceiverMessages messages)
    {
        var form = await FormGuard.ReadAsync(context);
        if (await FindAsync(context, receivers) is not { } receiver)
            return OperatorPages.NotFound(context, ReceiverEndpoints.NotFound);
        if (!DateTimeOffset.TryParse(form["since"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since))
            return OperatorPages.Problem(context, "Nothing was done", "Since when was not said: write a day and a time.", StatusCodes.Status400BadRequest);
        var resent = await messages.ResendFailedAsync(ProjectOf(context), receiver.Id, since, SignedIn.Of(context).Name, context.RequestAborted);
        return Onward.To(context, Urls(context).Receiver(receiver.Id, string.Create(CultureInfo.InvariantCulture, $"{Resent}-{resent}")));
    }

    private static async Task<IResult> TestAsync(HttpContext context, [FromServices] ReceiverMessages messages) =>
        await messages.SendTestAsync(ProjectOf(context), IdOf(context), context.RequestAborted) is { } message
            ? Onward.To(context, Urls(context).Message(IdOf(context), message.Id))
            : OperatorPages.NotFound(context, ReceiverEndpoints.NotFound);

    private static async Task<IResult> MakeAsync(HttpContext context, [FromServices] ProjectReceivers receivers)
    {
        var (url, types, tag, wrong, order) = await ReadAsync(context);
        if (wrong is not null)
            return ShowForm(context, null, url, types, tag, wrong);
        return await receivers.CreateAsync(ProjectOf(context), order!, secret: null, context.RequestAborted) is var (id, secret)
            ? ShowSecret(context, id, secret)
            : ShowForm(context, null, url, types, tag, ReceiverEndpoints.TooMany);
    }

    private static IResult ShowSecret(HttpContext context, string id, BearerSecret secret)
    {
        context.NoteAct(target: id);
        return OperatorPages.Show<ReceiverSecretPage>(context, new { View = OperatorView.Of(context), Id = id, Secret = secret, IsNew = true });
    }

    private static async Task<IResult> AskToChangeAsync(HttpContext context, [FromServices] ProjectReceivers receivers) =>
        await FindAsync(context, receivers) is { IsOfSettings: false } receiver
            ? ShowForm(
                context, receiver.Id, receiver.Url.ToString(), [.. receiver.Types.Select(static type => NotifyTypes.NameOf(type))], receiver.Tag, null)
            : OperatorPages.NotFound(context, ReceiverEndpoints.NotFound);

    private static async Task<IResult> ChangeAsync(HttpContext context, [FromServices] ProjectReceivers receivers)
    {
        var (url, types, tag, wrong, order) = await ReadAsync(context);
        return wrong is not null
            ? ShowForm(context, IdOf(context), url, types, tag, wrong)
            : Answer(context, await receivers.ChangeAsync(ProjectOf(context), IdOf(context), order!, context.RequestAborted), ReceiverAct.Edit);
    }

    private static async Task<IResult> AskAsync(HttpContext context, ProjectReceivers receivers, ReceiverAct act) =>
        await FindAsync(context, receivers) is { } receiver && ReceiverAct.For(receiver).Contains(act)
            ? OperatorPages.Show<ReceiverActPage>(context, new { View = OperatorView.Of(context), Receiver = receiver, Act = act })
            : OperatorPages.NotFound(context, "This cannot be done with the receiver (any more).");

    private static async Task<IResult> ActAsync(HttpContext context, ProjectReceivers receivers, ReceiverAct act)
    {
        var (project, id) = (ProjectOf(context), IdOf(context));
        if (act == ReceiverAct.Rotate)
        {
            var (change, secret) = await receivers.RotateAsync(project, id, secret: null, context.RequestAborted);
            return change == ReceiverChange.Done
                ? OperatorPages.Show<ReceiverSecretPage>(context, new { View = OperatorView.Of(context), Id = id, Secret = secret })
                : Answer(context, change, act.Name);
        }

        return Answer(
            context,
            act == ReceiverAct.Disable ? await receivers.DisableAsync(project, id, SignedIn.Of(context).Name, context.RequestAborted)
            : act == ReceiverAct.Enable ? await receivers.EnableAsync(project, id, context.RequestAborted)
            : await receivers.RemoveAsync(project, id, context.RequestAborted),
            act.Name);
    }

    private static IResult Answer(HttpContext context, ReceiverChange change, string done) => change switch
    {
        ReceiverChange.Done => Onward.To(
            context, done == ReceiverAct.Remove.Name ? Urls(context).Receivers(done) : Urls(context).Receiver(IdOf(context), done)),
        ReceiverChange.OfSettings => OperatorPages.Problem(context, "Nothing was done", ReceiverEndpoints.OfSettings, StatusCodes.Status409Conflict),
        _ => OperatorPages.NotFound(context, ReceiverEndpoints.NotFound),
    };

    private static async Task<(string Url, string[] Types, string? Tag, string? Wrong, ReceiverOrder? Order)> ReadAsync(HttpContext context)
    {
        var form = await FormGuard.ReadAsync(context);
        var (url, types, tag) = (form["url"].ToString().Trim(), form["types"].OfType<string>().ToArray(), form["tag"].ToString().Trim());
        var wrong = ReceiverEndpoints.Read(url, types, tag.Length == 0 ? null : tag, out var order);
        return (url, types, tag, wrong, order);
    }

    private static IResult ShowForm(HttpContext context, string? id, string? url, string[] types, string? tag, string? wrong) =>
        OperatorPages.Show<ReceiverFormPage>(
            context,
            new { View = OperatorView.Of(context), Id = id, Url = url, Types = types, Tag = tag, Wrong = wrong },
            wrong is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);

    private static string? SayDone(string? notice) => notice switch
    {
        Resent => "The message is on its way again.",
        Before => "It was on its way again already, or has settled.",
        not null when notice.StartsWith(Resent + "-", StringComparison.Ordinal) =>
            int.TryParse(notice[(Resent.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? $"{Figures.Of(count)} messages are on their way again."
                : null,
        _ => ReceiverAct.SayDone(notice),
    };

    private static Task<ReceiverState?> FindAsync(HttpContext context, ProjectReceivers receivers) =>
        receivers.FindAsync(ProjectOf(context), IdOf(context), context.RequestAborted);

    private static OperatorUrls Urls(HttpContext context) => new("", ProjectOf(context));

    private static string ProjectOf(HttpContext context) => (string)context.Request.RouteValues["project_id"]!;

    private static string IdOf(HttpContext context) => context.Request.Query["id"].ToString();
}
