using Kapso.Web.Operators.SignIn;
using Kapso.Web.Projects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Kapso.Web.Operators;

/// <summary>
/// What a host shows to operators beside our own pages. Registered as a service it is linked from them, and
/// <see cref="HostPageExtensions.MapHostPage"/> puts it behind the same sign-in.
/// </summary>
/// <param name="Name">What the link says.</param>
/// <param name="Segment">Its segment behind <c>/ops</c>.</param>
/// <param name="ContentSecurityPolicy">What its pages may load, in place of what ours may.</param>
public sealed record HostPage(string Name, string Segment, string ContentSecurityPolicy)
{
    /// <summary>Its address, with the slash that makes what it loads relative to it.</summary>
    /// <param name="pathBase">Where the service is mounted.</param>
    public string UrlOf(string pathBase) => $"{pathBase}{OperatorRoutes.Root}/{Segment}/";
}

/// <summary>Puts what a host shows to operators behind their sign-in.</summary>
public static class HostPageExtensions
{
    /// <summary>
    /// The group <c>/ops</c> that the host maps its page into, all below <see cref="HostPage.Segment"/>. Whoever is not signed in
    /// is sent to the sign-in, and lands on the page afterwards.
    /// </summary>
    /// <exception cref="InvalidOperationException">A project's pages have that address.</exception>
    public static RouteGroupBuilder MapHostPage(this IEndpointRouteBuilder endpoints, HostPage page)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(page);
        if (endpoints.ServiceProvider.GetRequiredService<ProjectDirectory>().TryFind(page.Segment, out _))
        {
            throw new InvalidOperationException(
                $"The project {page.Segment} and the page {page.Name} would both be at {OperatorRoutes.Root}/{page.Segment}: leave one of them out.");
        }

        var group = endpoints.MapGroup(OperatorRoutes.Root).ExcludeFromDescription();
        var policy = new StringValues(page.ContentSecurityPolicy);
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                context.Response.Headers.ContentSecurityPolicy = policy;
                return next(context);
            };
        });
        return group.RequireSignIn();
    }
}
