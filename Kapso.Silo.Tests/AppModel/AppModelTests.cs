using Aspire.Hosting.ApplicationModel;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>The application as it is described, without anything being started.</summary>
public sealed class AppModelTests : IDisposable
{
    private static readonly string[] Parameters =
    [
        "Parameters:webhook-secret=webhook", "Parameters:api-key=", "Parameters:management-key=management",
        "Parameters:welcome-secret=welcome",
    ];

    private readonly StubMachine _machine = new();

    public AppModelTests() => _machine.Install("docker").Install("redis-server").Install("valkey-server");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Two_silos_and_the_api_wait_for_redis_and_the_api_does_not_wait_for_the_silos()
    {
        var application = await DescribeAsync();

        var (redis, silo, api) = (Find(application, "redis"), Find(application, "silo"), Find(application, "api"));
        Assert.Equal(2, Assert.Single(silo.Annotations.OfType<ReplicaAnnotation>()).Replicas);
        Assert.Same(redis, Assert.Single(silo.Annotations.OfType<WaitAnnotation>()).Resource);
        Assert.Same(redis, Assert.Single(api.Annotations.OfType<WaitAnnotation>()).Resource);
        Assert.NotEmpty(redis.Annotations.OfType<HealthCheckAnnotation>());
        Assert.NotEmpty(silo.Annotations.OfType<HealthCheckAnnotation>());
        Assert.NotEmpty(api.Annotations.OfType<HealthCheckAnnotation>());
    }

    [Fact]
    public async Task Only_the_api_is_reached_from_outside()
    {
        var application = await DescribeAsync();

        Assert.All(Find(application, "api").Annotations.OfType<EndpointAnnotation>(), endpoint => Assert.True(endpoint.IsExternal));
        Assert.All(Find(application, "silo").Annotations.OfType<EndpointAnnotation>(), endpoint => Assert.False(endpoint.IsExternal));
        Assert.All(Find(application, "redis").Annotations.OfType<EndpointAnnotation>(), endpoint => Assert.False(endpoint.IsExternal));
    }

    [Fact]
    public async Task Secrets_are_secret_parameters()
    {
        var application = await DescribeAsync();

        var secrets = application.OfType<ParameterResource>().Where(parameter => parameter.Secret).Select(parameter => parameter.Name);

        Assert.Superset(
            new HashSet<string> { "webhook-secret", "simulator-key", "management-key", "welcome-secret" }, secrets.ToHashSet());
    }

    [Fact]
    public async Task A_run_talks_to_the_simulated_platform_unless_the_real_one_is_asked_for()
    {
        var simulated = await DescribeAsync();
        var real = await DescribeAsync("Platform=kapso");

        Find(simulated, "simulator");
        Assert.DoesNotContain(real, resource => resource.Name is "simulator" or "simulator-key");
        Assert.True(Assert.IsType<ParameterResource>(Find(real, "api-key")).Secret);
    }

    [Fact]
    public async Task Another_platform_is_refused() =>
        Assert.Contains("simulator or kapso", (await Assert.ThrowsAnyAsync<Exception>(() => DescribeAsync("Platform=meta"))).ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task The_dashboard_can_send_a_test_connection_and_show_held_effects()
    {
        var application = await DescribeAsync();

        var commands = Find(application, "api").Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.DisplayName).ToArray();

        Assert.Contains("Send a signed test connection", commands);
        Assert.Contains("Show held effects", commands);
    }

    [Theory]
    [InlineData("container", "RedisResource")]
    [InlineData("redis-server", "RedisServerResource")]
    [InlineData("valkey-server", "RedisServerResource")]
    [InlineData("redis.example.com:6379,password=secret", "ConnectionStringParameterResource")]
    public async Task Where_redis_comes_from_is_one_setting_and_said_on_the_resource(string setting, string resource)
    {
        var application = await DescribeAsync($"Redis={setting}");

        var redis = Find(application, "redis");
        Assert.Equal(resource, redis.GetType().Name);
        var shown = Assert.Single(redis.Annotations.OfType<ResourceSnapshotAnnotation>()).InitialSnapshot.Properties;
        var line = Assert.IsType<string>(Assert.Single(shown, property => property.Name == "Chosen").Value);
        Assert.StartsWith("Redis is ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_says_that_garnet_is_for_trying_out()
    {
        _machine.Install("dotnet"); // Restores without a word.
        var application = await DescribeAsync("Redis=garnet", $"DOTNET_HOST_PATH={_machine.Path}/dotnet");

        var redis = Find(application, "redis");
        var shown = Assert.Single(redis.Annotations.OfType<ResourceSnapshotAnnotation>()).InitialSnapshot.Properties;
        Assert.Contains("for trying out", (string)Assert.Single(shown, property => property.Name == "Chosen").Value!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_had_is_refused() => Assert.Contains(
        "no redis-server on the path",
        (await Assert.ThrowsAnyAsync<Exception>(() => DescribeAsync("Redis=redis-server", "PATH="))).ToString(),
        StringComparison.Ordinal);

    private Task<IReadOnlyList<IResource>> DescribeAsync(params string[] arguments) =>
        Description.ReadAsync([.. Parameters, $"PATH={_machine.Path}", $"Redis:Folder={_machine.Folder}", "Redis=redis-server", .. arguments]);

    private static IResource Find(IReadOnlyList<IResource> application, string name) =>
        Assert.Single(application, resource => resource.Name == name);
}
