using Kapso.AppHost.Redis;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>Which Redis a run on this machine takes.</summary>
public sealed class RedisChoiceTests : IDisposable
{
    private const string HealthyWithoutVolume = "[ \"$1\" = container ]";
    private const string Unhealthy = "exit 1";

    private readonly StubMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("container redis-server valkey-server garnet", "container")]
    [InlineData("redis-server valkey-server garnet", "redis-server")]
    [InlineData("valkey-server garnet", "valkey-server")]
    [InlineData("garnet", "garnet")]
    [InlineData("", null)]
    public void The_first_that_can_be_had_is_taken_and_what_is_missing_is_said(string there, string? chosen)
    {
        var choice = RedisChoice.Auto(null, Lacking(there), _ => false);

        Assert.Equal(chosen, choice.Kind?.Name());
        foreach (var kind in RedisKinds.All.TakeWhile(kind => kind != choice.Kind))
            Assert.Contains($"no {kind.Name()}", choice.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("garnet", "container redis-server valkey-server garnet", "garnet")]
    [InlineData("redis-server", "container redis-server", "redis-server")]
    [InlineData("container", "redis-server garnet", null)]
    [InlineData("redis-server", "container valkey-server garnet", null)]
    public void What_was_chosen_before_is_kept_or_there_is_none(string before, string there, string? chosen)
    {
        var choice = RedisChoice.Auto(RedisKinds.Find(before), Lacking(there), _ => false);

        Assert.Equal(chosen, choice.Kind?.Name());
        if (chosen is null)
            Assert.Contains($"kept by {before}", choice.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis-server", "container redis-server", "redis-server")]
    [InlineData("container redis-server", "container redis-server", "container")]
    [InlineData("container redis-server", "redis-server", "redis-server")]
    [InlineData("valkey-server", "container redis-server garnet", null)]
    public void Data_of_an_earlier_run_counts_as_a_choice(string data, string there, string? chosen) =>
        Assert.Equal(chosen, RedisChoice.Auto(null, Lacking(there), kind => data.Contains(kind.Name(), StringComparison.Ordinal)).Kind?.Name());

    [Fact]
    public void What_is_named_is_taken_or_there_is_none()
    {
        Assert.Equal(RedisKind.Garnet, RedisChoice.Named(RedisKind.Garnet, Lacking("container garnet")).Kind);
        var none = RedisChoice.Named(RedisKind.Container, Lacking("redis-server"));
        Assert.Null(none.Kind);
        Assert.Equal("Redis=container cannot be had: no container.", none.Reason);
    }

    [Fact]
    public void Auto_goes_on_with_what_it_took_also_where_a_better_one_is_there_now()
    {
        _machine.Install("redis-server");
        Assert.Equal(RedisKind.RedisServer, Machine().Choose(null).Kind);
        Assert.Equal("redis-server", _machine.Remembered);

        _machine.Install("docker", HealthyWithoutVolume);
        Assert.Equal(RedisKind.RedisServer, Machine().Choose(null).Kind);
        Assert.Equal(RedisKind.Container, Machine().Choose(RedisKind.Container).Kind);
        Assert.Equal("redis-server", _machine.Remembered);

        _machine.Uninstall("redis-server");
        Assert.Null(Machine().Choose(null).Kind);
        Assert.Equal("redis-server", _machine.Remembered);
    }

    [Theory]
    [InlineData("appendonlydir", "redis-server")]
    [InlineData("valkey/appendonlydir", "valkey-server")]
    [InlineData("something-else", "container")]
    public void Data_in_its_folder_is_found(string data, string chosen)
    {
        Directory.CreateDirectory(Path.Combine(_machine.Folder, data));
        _machine.Install("docker", HealthyWithoutVolume).Install("redis-server").Install("valkey-server");

        Assert.Equal(chosen, Machine().Choose(null).Kind?.Name());
    }

    [Fact]
    public void The_volume_of_a_container_is_asked_for()
    {
        _machine.Install("docker", "[ \"$1\" = container ] || [ \"$*\" = \"volume inspect kapso-redis\" ]").Install("redis-server");
        Directory.CreateDirectory(Path.Combine(_machine.Folder, "appendonlydir"));

        Assert.Equal(RedisKind.Container, Machine().Choose(null).Kind);
    }

    [Fact]
    public void Podman_is_taken_where_docker_is_not_healthy_and_aspire_is_told()
    {
        _machine.Install("docker", Unhealthy).Install("podman", HealthyWithoutVolume);
        var configuration = Configuration();

        new RedisMachine(configuration, _machine.Folder).Runtime!.Use(configuration);

        Assert.Equal("podman", configuration["DcpPublisher:ContainerRuntime"]);
    }

    [Fact]
    public void Only_the_runtime_that_aspire_is_set_to_counts()
    {
        _machine.Install("docker", HealthyWithoutVolume).Install("podman", Unhealthy).Install("redis-server");
        var configuration = Configuration();
        configuration["ASPIRE_CONTAINER_RUNTIME"] = "podman";

        Assert.Equal(RedisKind.RedisServer, new RedisMachine(configuration, _machine.Folder).Choose(null).Kind);
    }

    [Fact]
    public void A_runtime_that_hangs_is_none()
    {
        _machine.Install("docker", $"exec {StubMachine.Real("sleep")} 600").Install("redis-server");

        Assert.Equal(RedisKind.RedisServer, Machine().Choose(null).Kind);
    }

    [Fact]
    public void A_choice_that_cannot_be_read_is_no_reason_to_begin_anew()
    {
        _machine.Install("redis-server").Remember("rdeis");

        var choice = Machine().Choose(null);

        Assert.Null(choice.Kind);
        Assert.Contains("'rdeis'", choice.Reason, StringComparison.Ordinal);
    }

    private static Func<RedisKind, string?> Lacking(string there) =>
        kind => there.Contains(kind.Name(), StringComparison.Ordinal) ? null : $"no {kind.Name()}";

    private RedisMachine Machine() => new(Configuration(), _machine.Folder);

    private IConfiguration Configuration() => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["PATH"] = _machine.Path,
        ["Redis:Folder"] = _machine.Folder,
    }).Build();
}
