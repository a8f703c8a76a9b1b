using Kapso.Platform.Settings;
using Kapso.Tests.Web;
using Kapso.Web.Access;
using Kapso.Web.Audit;

namespace Kapso.Tests.Access;

/// <summary>What a role is needed for, of all that can be asked for.</summary>
public sealed class RequiredRoleTests
{
    /// <summary>Pages with a form that are there for what else they show.</summary>
    private static readonly string[] ShowsMore = ["/ops/sign-in", "/ops/{project_id}/receiver/message"];

    [Fact]
    public void Each_act_is_daily_work_unless_it_is_named_here()
    {
        string[] reading = ["audit.export", "sign_in", "sign_out"];
        string[] administering = ["customer.erase", "receiver.change", "receiver.create", "receiver.remove", "receiver.rotate", "store.accept", "webhook.rotate"];
        Assert.Equal(reading, Acts(ManagementRole.Read));
        Assert.Equal(administering, Acts(ManagementRole.Administer));
    }

    [Fact]
    public async Task Whatever_changes_something_is_an_act_and_a_page_that_asks_for_one_needs_what_that_needs()
    {
        await using var host = await WebHost.StartAsync();
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var changing = endpoints.Where(IsChanging).ToList();
        Assert.All(changing, endpoint => Assert.True(endpoint.Metadata.GetMetadata<AuditedAct>() is not null, PathOf(endpoint)));

        var acts = changing.Where(IsPage).ToDictionary(PathOf, endpoint => endpoint.Metadata.GetMetadata<AuditedAct>()!.Action);
        foreach (var page in endpoints.Where(endpoint => !IsChanging(endpoint) && acts.ContainsKey(PathOf(endpoint)) && !ShowsMore.Contains(PathOf(endpoint))))
        {
            var asked = page.Metadata.GetMetadata<AsksFor>()?.Action;
            Assert.True(asked is not null, $"{PathOf(page)} shows a form and does not say for which act.");
            Assert.Equal(RequiredRole.For(acts[PathOf(page)]), RequiredRole.For(asked));
        }
    }

    private static IEnumerable<string> Acts(ManagementRole role) =>
        AuditActions.All.Where(action => RequiredRole.For(action) == role).Order(StringComparer.Ordinal);

    private static bool IsChanging(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Any(method => method is not ("GET" or "HEAD")) == true
        && !PathOf(endpoint).StartsWith("/webhooks", StringComparison.Ordinal);

    private static bool IsPage(RouteEndpoint endpoint) => PathOf(endpoint).StartsWith("/ops", StringComparison.Ordinal);

    private static string PathOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is null ? "" : "/" + endpoint.RoutePattern.RawText!.Trim('/');
}
