using Kapso.Web.Http;
using Kapso.Web.Management;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Operators;

/// <summary>
/// The addresses of a project's pages for operators. Ids that come from outside stand in the query, since a path would
/// change some of them.
/// </summary>
/// <param name="PathBase">Where the service is mounted.</param>
/// <param name="ProjectId">The project.</param>
public sealed record OperatorUrls(string PathBase, string ProjectId)
{
    /// <summary>The project at a glance.</summary>
    public string Overview { get; } = $"{PathBase}{OperatorRoutes.Root}/{Uri.EscapeDataString(ProjectId)}";

    /// <summary>Having it compared with the platform.</summary>
    public string Reconcile => $"{Overview}/{Operators.Overview.OverviewEndpoint.Reconcile}";

    /// <summary>Testing whether the platform's webhooks arrive.</summary>
    public string TestSetup => $"{Overview}/{Operators.Overview.OverviewEndpoint.TestSetup}";

    /// <summary>Accepting that many numbers are gone, asked before it is done.</summary>
    public string AcceptGone => $"{Overview}/{Operators.Overview.OverviewEndpoint.AcceptGone}";

    /// <summary>Accepting a store that took another one's place, asked before it is done.</summary>
    public string AcceptStore => $"{Overview}/{Operators.Overview.OverviewEndpoint.AcceptStore}";

    /// <summary>Its parked deliveries.</summary>
    public string Parked => $"{Overview}/parked";

    /// <summary>Its customers, or some of them.</summary>
    public string Customers(string? query = null, ConnectionStatus? status = null, string? tag = null, string? cursor = null) =>
        $"{Overview}/customers" + Query(
            ("query", query), ("status", status is { } known ? Snake.Of(known) : null), ("tag", tag), ("cursor", cursor));

    /// <summary>What a customer is called and marked with, to be changed.</summary>
    public string CustomerNames(string customerId) =>
        $"{Overview}/customer/{Operators.Customers.CustomerNamesEndpoints.Names}" + Query(("id", customerId));

    /// <summary>One customer, with what was just done.</summary>
    public string Customer(string customerId, string? notice = null) =>
        $"{Overview}/customer" + Query(("id", customerId), ("notice", notice));

    /// <summary>One customer, with the health of a number asked for.</summary>
    public string Health(string customerId, string phoneNumberId) =>
        $"{Overview}/customer" + Query(("id", customerId), ("health", phoneNumberId));

    /// <summary>The live changes of one customer.</summary>
    public string CustomerEvents(string customerId) => $"{Overview}/customer/events" + Query(("id", customerId));

    /// <summary>Effects that need a person.</summary>
    public string Effects(EffectStatus status, string? tag = null, string? cursor = null) =>
        $"{Overview}/effects" + Query(("status", Snake.Of(status)), ("tag", tag), ("cursor", cursor));

    /// <summary>An action on an effect, asked before it is done.</summary>
    public string Effect(string customerId, string effectId, string action) =>
        $"{Overview}/customer/{action}" + Query(("id", customerId), ("effect", effectId));

    /// <summary>Having a number welcomed, asked before it is done.</summary>
    public string Greet(string customerId, string phoneNumberId) =>
        $"{Overview}/customer/{Operators.Customers.GreetEndpoints.Greet}" + Query(("id", customerId), ("number", phoneNumberId));

    /// <summary>Having a number connected again, asked before it is done.</summary>
    public string Reconnect(string customerId, string phoneNumberId) =>
        $"{Overview}/customer/{Operators.Customers.ReconnectLinkEndpoints.Reconnect}" + Query(("id", customerId), ("number", phoneNumberId));

    /// <summary>Erasing a customer, asked before it is done.</summary>
    public string Erase(string customerId) => $"{Overview}/customer/{Operators.Customers.EraseEndpoints.Erase}" + Query(("id", customerId));

    /// <summary>Making a customer at the platform.</summary>
    public string NewCustomer => $"{Overview}/{Operators.Customers.NewCustomerEndpoints.Path}";

    /// <summary>Making a setup link, asked before it is done.</summary>
    public string NewLink(string? customerId = null) =>
        $"{Overview}/customer/{Operators.Customers.LinkEndpoints.Make}" + Query(("id", customerId));

    /// <summary>Revoking a setup link, asked before it is done.</summary>
    public string RevokeLink(string customerId, string linkId) =>
        $"{Overview}/customer/{Operators.Customers.LinkEndpoints.Revoke}" + Query(("id", customerId), ("link", linkId));

    /// <summary>Numbers that a person should look at.</summary>
    public string Numbers(NumberMark mark, string? tag = null, string? cursor = null) =>
        $"{Overview}/numbers" + Query(("mark", Snake.Of(mark)), ("tag", tag), ("cursor", cursor));

    /// <summary>Its receivers, with what was just done.</summary>
    public string Receivers(string? notice = null) => $"{Overview}/receivers" + Query(("notice", notice));

    /// <summary>Making a receiver.</summary>
    public string NewReceiver => $"{Overview}/{Operators.Receivers.ReceiverRoutes.New}";

    /// <summary>One receiver and its messages, with what was just done.</summary>
    public string Receiver(string id, string? notice = null, MessageStatus? status = null, string? cursor = null) => $"{Overview}/receiver" + Query(
        ("id", id), ("notice", notice), ("status", status is { } known ? Snake.Of(known) : null), ("cursor", cursor));

    /// <summary>An action on a receiver.</summary>
    public string ReceiverAction(string id, string action) => $"{Overview}/receiver/{action}" + Query(("id", id));

    /// <summary>One message to a receiver, with what was just done.</summary>
    public string Message(string receiverId, string messageId, string? notice = null) =>
        $"{Overview}/receiver/message" + Query(("id", receiverId), ("message", messageId), ("notice", notice));

    /// <summary>A further page of its parked deliveries.</summary>
    public string ParkedAfter(string? cursor) => Parked + Query(("cursor", cursor));

    /// <summary>What people and keys did, or some of it.</summary>
    public string Audit(AuditParameters? filter = null, string? cursor = null) =>
        $"{Overview}/audit" + Query([.. Parameters(filter), ("cursor", cursor)]);

    /// <summary>All of it, in a form.</summary>
    public string AuditExport(AuditParameters filter, AuditFormat format) =>
        $"{Overview}/audit/export" + Query([("format", Snake.Of(format)), .. Parameters(filter)]);

    /// <summary>One parked delivery, with what was just done.</summary>
    public string ParkedDelivery(string id, string? notice = null) => $"{Parked}/delivery" + Query(("id", id), ("notice", notice));

    /// <summary>An action on a parked delivery, asked before it is done.</summary>
    public string ParkedAction(string id, string action) => $"{Parked}/{action}" + Query(("id", id));

    private static (string Name, string? Value)[] Parameters(AuditParameters? filter) => filter is null ? [] :
    [
        ("action", filter.Action), ("by", filter.By), ("customer", filter.Customer), ("from", filter.From), ("until", filter.Until),
        ("outcome", filter.Outcome),
    ];

    private static QueryString Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = QueryString.Empty;
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
                query = query.Add(name, value);
        }

        return query;
    }
}
