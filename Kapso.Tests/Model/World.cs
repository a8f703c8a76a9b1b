using System.Diagnostics.CodeAnalysis;
using Kapso.Connections.Storage;

namespace Kapso.Tests.Model;

/// <summary>Where a crash falls in a step that writes.</summary>
internal enum Crash
{
    None,

    /// <summary>Nothing happened: the delivery is unanswered and comes again.</summary>
    BeforeWrite,

    /// <summary>It is written and unanswered: it comes again, and what was to be sent is forgotten.</summary>
    AfterWrite,
}

/// <summary>
/// A small engine (load, decide, save), the world around it, and the model beside it. It plays one scenario and throws
/// <see cref="ModelFailure"/> where an invariant does not hold.
/// </summary>
internal sealed partial class World(Scenario scenario, Action<string>? log = null)
{
    public static readonly CustomerKey[] Customers = [new("project", "customer-1"), new("project", "customer-2")];

    private readonly Dictionary<CustomerKey, Connection> _store = [];
    private readonly Dictionary<CustomerKey, ModelCustomer> _models = Customers.ToDictionary(key => key, _ => new ModelCustomer());
    private readonly Dictionary<string, CustomerKey> _index = [];
    private readonly Receiver _receiver = new();
    private readonly int[,] _visits = new int[9, 5];
    private ConnectionPolicy _policy = scenario.Policy;
    private DateTimeOffset _now = Scenario.Start;
    private int _process = 1;

    /// <summary>How often each cell of the table was visited.</summary>
    public int[,] Visits => _visits;

    /// <summary>The bounds that were reached, so that a run can tell that it tried them.</summary>
    public HashSet<string> Reached { get; } = [];

    /// <summary>The connections as last written.</summary>
    public IEnumerable<Connection> Written => _store.Values;

    private LeaseHolder Holder => new($"process-{_process}", scenario.Sole);

    /// <summary>Plays the steps, then lets everything come to rest.</summary>
    public void Run()
    {
        for (var i = 0; i < scenario.Steps.Count; i++)
        {
            log?.Invoke($"{i,3} {_now:MM-dd HH:mm:ss.fff} {scenario.Steps[i]}");
            Play(scenario.Steps[i]);
        }

        log?.Invoke("    comes to rest");
        ComeToRest();
        CheckTheEnd();
    }

    private void Play(Step step)
    {
        var key = Customers[step.Customer];
        switch (step.Kind)
        {
            case StepKind.Webhook: PlayWebhook(key, step); break;
            case StepKind.Redirect: PlayRedirect(key, step); break;
            case StepKind.FailedSetup: PlayFailedSetup(key, step); break;
            case StepKind.ApiList: PlayApiList(key, step); break;
            case StepKind.Redeliver: PlayRedelivery(step); break;
            case StepKind.ReplayParked: PlayReplay(step); break;
            case StepKind.AddLink: PlayLink(key, step); break;
            case StepKind.Pump: Pump(key, 1 + (step.A % 4), step.B, CrashOf(step)); break;
            case StepKind.LateResult: PlayLateResult(step); break;
            case StepKind.Operator: PlayOperator(key, step); break;
            case StepKind.Time: PlayTime(step); break;
            default: PlaySettings(step); break;
        }
    }

    private static Crash CrashOf(Step step) => (step.C % 16) switch
    {
        0 => Crash.BeforeWrite,
        1 => Crash.AfterWrite,
        _ => Crash.None,
    };

    private void PlayTime(Step step)
    {
        TimeSpan[] jumps =
        [
            TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(61),
            TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15),
            TimeSpan.FromMinutes(16), TimeSpan.FromHours(1), TimeSpan.FromHours(25),
            TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(-3), TimeSpan.FromMinutes(-30), TimeSpan.FromHours(-26),
        ];
        _now += jumps[step.A % jumps.Length];
    }

    private void PlaySettings(Step step)
    {
        Restart();
        _policy = _policy with { CanConfirm = step.A % 2 == 0, Notifies = step.B % 3 > 0 };
        log?.Invoke($"      settings: API key {_policy.CanConfirm}, notify {_policy.Notifies}");
    }

    private Connection Load(CustomerKey key) => _store.TryGetValue(key, out var found) ? found : Connection.Empty(key);

    /// <summary>Writes a connection as the engines store it, and holds what can be read again against the model.</summary>
    private void Save(Connection before, Connection after, int told)
    {
        if (ReferenceEquals(before, after))
        {
            Require(told == 0, "A change is to be told of, and nothing was written.");
            return;
        }

        var stored = ConnectionJson.Read(ConnectionJson.Write(after));
        Require(SameAsStored(after, stored), "What was written is not what is read.");
        _store[after.Key] = stored;
        CheckWritten(before, stored, told);
    }

    /// <summary>The process ends and another starts: what was under way is forgotten, or comes late from a holder still alive.</summary>
    private void Restart()
    {
        _process++;
        if (scenario.Sole)
            _late.Clear();
    }

    private static void Require([DoesNotReturnIf(false)] bool condition, string failure)
    {
        if (!condition)
            throw new ModelFailure(failure);
    }
}
