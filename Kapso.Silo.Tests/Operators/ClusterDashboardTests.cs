using System.Net;
using Kapso.Api.Hosting;
using Kapso.Api.Operators;
using Kapso.Engines.Orleans.Hosting;
using Kapso.Platform;
using Kapso.Silo.Hosting;
using Kapso.Web;

namespace Kapso.Silo.Tests.Operators;

/// <summary>When the cluster's dashboard is there, and who gets to it, without a cluster.</summary>
public sealed class ClusterDashboardTests
{
    private const string Below = "/ops/cluster";

    public static TheoryData<string, string?, bool> Settings => new()
    {
        { "Development", null, true },
        { "Development", "false", false },
        { "Production", null, false },
        { "Production", "true", true },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task It_is_on_in_development_and_otherwise_by_the_setting(string environment, string? setting, bool on)
    {
        await using var api = BuildApi(environment, setting);
        Assert.Equal(on, EndpointsOf(api).Length > 0);
        var silo = CreateBuilder(environment, setting);
        silo.AddKapsoPlatform(surface: false);
        silo.AddKapsoSilo();
        Assert.Equal(on, silo.Services.Any(service => service.ServiceType.Namespace?.StartsWith("Orleans.Dashboard", StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task Nothing_of_it_is_reached_without_a_sign_in_also_while_no_silo_is_there()
    {
        await using var api = BuildApi("Development", null);
        var endpoints = EndpointsOf(api);
        Assert.Contains(endpoints, endpoint => endpoint.RoutePattern.RawText == Below + "/Trace");
        foreach (var endpoint in endpoints)
        {
            var context = await CallAsync(api, endpoint);
            Assert.True(
                context.Response is { StatusCode: (int)HttpStatusCode.SeeOther, Headers.Location: [{ } location] }
                    && location.StartsWith("/ops/sign-in?return=", StringComparison.Ordinal),
                $"{endpoint.RoutePattern.RawText} answers {context.Response.StatusCode}.");
            Assert.Equal(["GET"], endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods);
        }
    }

    private static RouteEndpoint[] EndpointsOf(WebApplication api) =>
        [.. ((IEndpointRouteBuilder)api).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith(Below, StringComparison.Ordinal))];

    private static async Task<HttpContext> CallAsync(WebApplication api, RouteEndpoint endpoint)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = Below + "/anything";
        context.SetEndpoint(endpoint);
        await ((IApplicationBuilder)api).Build()(context);
        return context;
    }

    private static WebApplication BuildApi(string environment, string? setting)
    {
        var builder = CreateBuilder(environment, setting);
        builder.AddKapsoPlatform();
        builder.AddClusterRedis();
        builder.AddClusterEngine(tracesCalls: false);
        builder.AddKapsoWeb();
        builder.AddClusterDashboard();
        var api = builder.Build();
        api.MapKapso().MapClusterDashboard();
        return api;
    }

    private static WebApplicationBuilder CreateBuilder(string environment, string? setting)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:redis"] = "127.0.0.1:1,connectTimeout=100",
            ["Kapso:Cluster:Dashboard"] = setting,
            ["Kapso:Projects:0:Id"] = "project-1",
            ["Kapso:PublicUrl"] = "https://connect.example.com",
            ["Kapso:Management:ApiKey"] = "management-key-of-the-tests",
        });
        return builder;
    }
}
