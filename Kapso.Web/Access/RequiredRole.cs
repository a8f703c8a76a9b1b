using System.Collections.Frozen;
using Kapso.Platform.Settings;
using Kapso.Web.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Access;

/// <summary>Says of a page that it only asks for an act: who may not do that is not asked.</summary>
/// <param name="Action">The act, one of <see cref="AuditActions"/>.</param>
internal sealed record AsksFor(string Action);

/// <summary>The role that somebody needs.</summary>
internal static class RequiredRole
{
    private static readonly FrozenSet<string> Reading = FrozenSet.Create(AuditActions.SignIn, AuditActions.SignOut, AuditActions.ExportAudit);

    private static readonly FrozenSet<string> Administering = FrozenSet.Create(
        AuditActions.EraseCustomer, AuditActions.AcceptStore,
        AuditActions.CreateReceiver, AuditActions.ChangeReceiver, AuditActions.RotateReceiver, AuditActions.RemoveReceiver,
        AuditActions.RotateWebhook);

    /// <summary>For an act. What is not named here is daily work.</summary>
    public static ManagementRole For(string action) =>
        Reading.Contains(action) ? ManagementRole.Read
        : Administering.Contains(action) ? ManagementRole.Administer
        : ManagementRole.Operate;

    /// <summary>For a request: that of the act that it is or asks for; else reading is enough.</summary>
    public static ManagementRole Of(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        return (metadata?.GetMetadata<AuditedAct>()?.Action ?? metadata?.GetMetadata<AsksFor>()?.Action) is { } action
            ? For(action)
            : ManagementRole.Read;
    }

    /// <summary>Says of a page that it only asks for an act.</summary>
    public static TBuilder AsksFor<TBuilder>(this TBuilder page, string action) where TBuilder : IEndpointConventionBuilder =>
        page.WithMetadata(new AsksFor(action));
}
