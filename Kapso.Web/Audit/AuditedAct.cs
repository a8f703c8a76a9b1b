using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Audit;

/// <summary>Marks an endpoint whose requests are acts: each is a line of the audit.</summary>
/// <param name="Action">What a request does: one of <see cref="AuditActions"/>.</param>
internal sealed record AuditedAct(string Action)
{
    /// <summary>The parameter of the path or the query that names the customer; null for none.</summary>
    public string? Customer { get; init; }

    /// <summary>The one that names what it is done to.</summary>
    public string? Target { get; init; }
}

/// <summary>Marks endpoints. A test sees to it that each one that changes something is.</summary>
internal static class AuditedActExtensions
{
    /// <summary>
    /// Has each request written down before it is served, and its outcome after it. Stands behind the filters that turn away requests
    /// which nobody is known to have made.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="action">What a request does: one of <see cref="AuditActions"/>.</param>
    /// <param name="customer">The parameter of the path or the query that names the customer.</param>
    /// <param name="target">The one that names what it is done to: never a state, a key or an address.</param>
    public static RouteHandlerBuilder Audited(
        this RouteHandlerBuilder endpoint, string action, string? customer = null, string? target = null)
    {
        var act = new AuditedAct(action) { Customer = customer, Target = target };
        return endpoint.WithMetadata(act).AddEndpointFilter(new AuditFilter(act));
    }

    /// <summary>Says that the endpoint writes its lines itself, since it alone knows who asks.</summary>
    public static RouteHandlerBuilder AuditsItself(this RouteHandlerBuilder endpoint, string action) =>
        endpoint.WithMetadata(new AuditedAct(action));
}
