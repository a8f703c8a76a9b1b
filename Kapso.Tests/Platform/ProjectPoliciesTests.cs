using Kapso.Platform.Settings;
using Microsoft.Extensions.Options;

namespace Kapso.Tests.Platform;

public sealed class ProjectPoliciesTests
{
    private static readonly DateTimeOffset FirstStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Only_a_project_with_a_key_is_confirmed_and_only_where_something_can_ask()
    {
        var settings = Settings();

        var able = new ProjectPolicies(Options.Create(settings), [new Runner(EffectKind.Confirm)]);
        var unable = new ProjectPolicies(Options.Create(settings), [new Runner(EffectKind.Welcome)]);

        Assert.True(able.For("with-key", FirstStart).CanConfirm);
        Assert.False(able.For("without-key", FirstStart).CanConfirm);
        Assert.False(able.For("unknown", FirstStart).CanConfirm);
        Assert.False(unable.For("with-key", FirstStart).CanConfirm);
    }

    [Fact]
    public void Changes_are_told_where_a_receiver_is_set()
    {
        var settings = Settings();
        Assert.False(Policies(settings).For("with-key", FirstStart).Notifies);

        settings.Notify.Url = new Uri("https://app.example.com");
        Assert.True(Policies(settings).For("with-key", FirstStart).Notifies);
    }

    [Fact]
    public void Welcomes_begin_with_the_first_start_unless_the_settings_say_otherwise()
    {
        var settings = Settings();
        Assert.Equal(FirstStart, Policies(settings).For("with-key", FirstStart).WelcomeSince);

        settings.Welcome.Since = FirstStart.AddYears(-1);
        Assert.Equal(FirstStart.AddYears(-1), Policies(settings).For("with-key", FirstStart).WelcomeSince);
    }

    [Fact]
    public void Links_are_made_by_themselves_where_that_is_set_and_the_project_has_a_key()
    {
        var settings = Settings();
        IEffectRunner[] runners = [new Runner(EffectKind.Confirm)];
        Assert.False(new ProjectPolicies(Options.Create(settings), runners).For("with-key", FirstStart).ReconnectsByItself);

        settings.Reconnect.Auto = true;
        var policies = new ProjectPolicies(Options.Create(settings), runners);
        Assert.True(policies.For("with-key", FirstStart).ReconnectsByItself);
        Assert.False(policies.For("without-key", FirstStart).ReconnectsByItself);
    }

    [Fact]
    public void The_outbox_settings_reach_the_decisions()
    {
        var settings = Settings();
        settings.Outbox = new OutboxOptions
        {
            Lease = TimeSpan.FromSeconds(31),
            MaxAttempts = 7,
            RetryDelay = TimeSpan.FromSeconds(3),
            MaxRetryDelay = TimeSpan.FromMinutes(4),
        };

        var policy = Policies(settings).For("with-key", FirstStart);

        Assert.Equal(
            (TimeSpan.FromSeconds(31), 7, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(4)),
            (policy.Lease, policy.MaxAttempts, policy.RetryDelay, policy.MaxRetryDelay));
    }

    private static ProjectPolicies Policies(KapsoOptions settings) => new(Options.Create(settings), []);

    private static KapsoOptions Settings() => new()
    {
        Projects = { new ProjectOptions { Id = "with-key", ApiKey = "key" }, new ProjectOptions { Id = "without-key" } },
    };

    private sealed class Runner(EffectKind kind) : IEffectRunner
    {
        public EffectKind Kind => kind;

        public Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken) => Task.FromResult(EffectResult.Done);
    }
}
