using Kapso.Simulator;
using Kapso.Simulator.Hosting;

namespace Kapso.Tests.Simulator;

/// <summary>Where the simulator may run.</summary>
public sealed class MountingTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task It_is_mounted_in_development_only(string environment)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => SimulatorHost.StartAsync(environment: environment));

        Assert.Contains("Development only", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://127.0.0.1:0;http://10.0.0.1:0")]
    public async Task Its_own_host_refuses_to_listen_to_other_machines(string urls) =>
        Assert.Equal(1, await SimulatorProgram.Main(["--environment", "Development", "--urls", urls]));

    [Fact]
    public async Task Its_own_host_does_not_start_outside_development() =>
        Assert.Equal(1, await SimulatorProgram.Main(["--environment", "Production", "--urls", "http://127.0.0.1:0"]));

    [Fact]
    public async Task What_is_not_set_is_made_up_anew_at_each_start()
    {
        await using var first = await SimulatorHost.StartAsync(Unset);
        await using var second = await SimulatorHost.StartAsync(Unset);

        Assert.NotEqual(first.Platform.Dice.Seed, second.Platform.Dice.Seed);
        Assert.NotEqual(first.Platform.Sender.Id, second.Platform.Sender.Id);

        static void Unset(SimulatorOptions options) => (options.ApiKey, options.WebhookSecret, options.Seed) = (null, null, null);
    }
}
