using Kapso.Tests.Web;
using Kapso.Web.Audit;

namespace Kapso.Tests.Audit;

/// <summary>An endpoint that changes something cannot be forgotten.</summary>
public sealed class AuditedEndpointTests
{
    [Fact]
    public async Task Every_endpoint_of_people_and_keys_that_changes_something_is_audited_under_a_known_name()
    {
        await using var host = await WebHost.StartAsync();
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => Path(endpoint) is var path
                && (path.StartsWith("api/projects", StringComparison.Ordinal) || path.StartsWith("ops", StringComparison.Ordinal)))
            .ToList();

        var changing = endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is not { } methods
            || methods.Any(method => method is not ("GET" or "HEAD"))).ToList();
        Assert.True(changing.Count >= 20, $"Only {changing.Count} endpoints were found.");
        Assert.All(changing, endpoint => Assert.True(endpoint.Metadata.GetMetadata<AuditedAct>() is not null, $"{Path(endpoint)} is not audited."));
        var audited = endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<AuditedAct>()).OfType<AuditedAct>().ToList();
        Assert.All(audited, act => Assert.Contains(act.Action, AuditActions.All));
        Assert.Empty(AuditActions.All.Except(audited.Select(act => act.Action)).Except([AuditActions.KeyRefused, AuditActions.SignInRefused, AuditActions.KeepWebhook]));
        Assert.All(AuditActions.All, action => Assert.True(action.Length <= AuditLine.MaxAction));
    }

    private static string Path(RouteEndpoint endpoint) => (endpoint.RoutePattern.RawText ?? "").TrimStart('/');
}
