using Microsoft.Extensions.Options;

namespace Kapso.Platform.Settings;

/// <summary>What the settings mean for the decisions about each project's connections.</summary>
public sealed class ProjectPolicies
{
    private readonly DateTimeOffset? _welcomeSince;
    private readonly HashSet<string> _confirming;
    private readonly ConnectionPolicy _policy;
    private readonly bool _reconnects;

    /// <summary>Reads the settings once; they do not change while the service runs.</summary>
    /// <param name="options">The validated settings.</param>
    /// <param name="runners">The effect runners that this host has: a project is confirmed only where one can do it.</param>
    public ProjectPolicies(IOptions<KapsoOptions> options, IEnumerable<IEffectRunner> runners)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = options.Value;
        var canAsk = runners.Any(runner => runner.Kind == EffectKind.Confirm);

        _welcomeSince = settings.Welcome.Since;
        _reconnects = settings.Reconnect.Auto;
        _confirming = canAsk
            ? settings.Projects.Where(project => project.ApiKey is not null).Select(project => project.Id).ToHashSet(StringComparer.Ordinal)
            : [];
        _policy = new ConnectionPolicy
        {
            Receivers = settings.Notify.Terms(),
            LooksUpWelcomes = settings.Welcome.Flow == WelcomeFlow.Template,
            GreetsReturning = settings.Welcome.Returning == ReturningNumbers.Greet,
            GreetsSamePhone = settings.Welcome.SamePhone == SamePhones.Greet,
            GoneFor = settings.Welcome.GoneFor,
            Lease = settings.Outbox.Lease,
            MaxAttempts = settings.Outbox.MaxAttempts,
            RetryDelay = settings.Outbox.RetryDelay,
            MaxRetryDelay = settings.Outbox.MaxRetryDelay,
        };
    }

    /// <summary>The policy of a project; of one that is not configured (any more), a policy that cannot confirm.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="firstStart">When the service first started on its store; counts where <c>Welcome:Since</c> is not set.</param>
    public ConnectionPolicy For(string projectId, DateTimeOffset firstStart) => _policy with
    {
        CanConfirm = _confirming.Contains(projectId),
        ReconnectsByItself = _reconnects && _confirming.Contains(projectId),
        WelcomeSince = _welcomeSince ?? firstStart,
    };
}
