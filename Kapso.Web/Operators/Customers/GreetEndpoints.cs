using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Management;
using Kapso.Web.Operators.Parts;
using Kapso.Web.Operators.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Operators.Customers;

/// <summary>Having a number welcomed that was adopted.</summary>
internal static class GreetEndpoints
{
    /// <summary>The last part of the address, and the name of what was done.</summary>
    public const string Greet = "greet";

    private const string Unknown = "The customer has no such number (any more).";

    /// <summary>Maps them below the project.</summary>
    public static void MapGreeting(this IEndpointRouteBuilder project)
    {
        project.MapGet($"/customer/{Greet}", AskAsync).AsksFor(AuditActions.GreetCustomer);
        project.MapPost($"/customer/{Greet}", GreetAsync).Audited(AuditActions.GreetCustomer, "id", "number");
    }

    /// <summary>What to say afterwards; null for a name of something else.</summary>
    public static string? SayDone(string? name) => name == Greet ? "The welcome is on its way." : null;

    /// <summary>Whether a person can have the number welcomed.</summary>
    public static bool IsOpen(Number number) => number is
    {
        Status: NumberStatus.Connected, IsSandbox: false, Welcome: null or { LapsedAt: not null },
    };

    private static async Task<IResult> AskAsync(HttpContext context, IConnectionEngine engine) =>
        CustomerRoutes.TryReadKey(context, out var key)
        && await engine.FindAsync(key, context.RequestAborted) is { } connection
        && connection.FindNumber(context.Request.Query["number"].ToString()) is { } number && IsOpen(number)
            ? OperatorPages.Show<GreetPage>(context, new { View = OperatorView.Of(context), key.CustomerId, connection.Names, Number = number })
            : OperatorPages.NotFound(context, Unknown);

    private static async Task<IResult> GreetAsync(HttpContext context, IConnectionEngine engine)
    {
        var number = context.Request.Query["number"].ToString();
        if (!CustomerRoutes.TryReadKey(context, out var key) || !BoundedId.IsValid(number))
            return OperatorPages.NotFound(context, Unknown);

        var result = await engine.GreetAsync(key, number, SignedIn.Of(context).Name, context.RequestAborted);
        return result switch
        {
            EffectAction.NotFound => OperatorPages.NotFound(context, Unknown),
            EffectAction.NotWaiting => OperatorPages.Problem(
                context, "Nothing was done", await EffectEndpoints.WhyNotGreetedAsync(engine, key, number, context.RequestAborted), StatusCodes.Status409Conflict),
            _ => Onward.To(
                context,
                new OperatorUrls("", key.ProjectId).Customer(key.CustomerId, result == EffectAction.Applied ? Greet : EffectAct.Before)),
        };
    }
}
