using System.Collections.Immutable;

namespace Kapso.Platform.Settings;

/// <summary>All settings of the service, from the configuration section <c>Kapso</c>.</summary>
public sealed class KapsoOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Kapso";

    /// <summary>The longest <see cref="DrainTime"/>.</summary>
    public static readonly TimeSpan LongestDrainTime = TimeSpan.FromMinutes(1);

    /// <summary>The Kapso projects that this service serves; at least one.</summary>
    public IList<ProjectOptions> Projects { get; } = [];

    /// <summary>Where browsers and Kapso reach this service: an absolute http or https URL.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Networks (CIDR) or addresses whose forwarded headers count. Default: none.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>The platform.</summary>
    public PlatformOptions Platform { get; set; } = new();

    /// <summary>The management surface.</summary>
    public ManagementOptions Management { get; set; } = new();

    /// <summary>The operators' pages.</summary>
    public OperatorOptions Operators { get; set; } = new();

    /// <summary>The cluster of the distributed form.</summary>
    public ClusterSettings Cluster { get; set; } = new();

    /// <summary>The store of the distributed form.</summary>
    public RedisOptions Redis { get; set; } = new();

    /// <summary>The welcome.</summary>
    public WelcomeOptions Welcome { get; set; } = new();

    /// <summary>Changes told to the company's application; off where no URL is set and no other receiver is named.</summary>
    public NotifyOptions Notify { get; set; } = new();

    /// <summary>Where browsers go instead of our pages.</summary>
    public PagesOptions Pages { get; set; } = new();

    /// <summary>The embedded engine's store.</summary>
    public StoreOptions Store { get; set; } = new();

    /// <summary>How effects are sent and repeated.</summary>
    public OutboxOptions Outbox { get; set; } = new();

    /// <summary>How long parked deliveries are kept.</summary>
    public ParkedOptions Parked { get; set; } = new();

    /// <summary>How long the audit is kept.</summary>
    public AuditOptions Audit { get; set; } = new();

    /// <summary>How often what was missed is looked for.</summary>
    public ReconcileOptions Reconcile { get; set; } = new();

    /// <summary>Links with which customers connect again what has gone.</summary>
    public ReconnectOptions Reconnect { get; set; } = new();

    /// <summary>
    /// How long a process that has others beside it says that it is not ready before it stops, at most
    /// <see cref="LongestDrainTime"/>. Default 5 s, and none in Development.
    /// </summary>
    public TimeSpan? DrainTime { get; set; }
}

/// <summary>One Kapso project.</summary>
public sealed class ProjectOptions
{
    /// <summary>The project's id, as the platform gives it.</summary>
    public string Id { get; set; } = "";

    /// <summary>A name for people.</summary>
    public string? Name { get; set; }

    /// <summary>Secrets of the project's webhooks: every one is accepted, so that one can be rotated. None: no webhook is accepted.</summary>
    public IList<string> WebhookSecrets { get; } = [];

    /// <summary>The platform API's key.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Who sets up the project's webhook at the platform. Default: <see cref="WebhookSetup.Manual"/>.</summary>
    public WebhookSetup Webhook { get; set; }
}

/// <summary>Who sets up a project's webhook at the platform.</summary>
public enum WebhookSetup
{
    /// <summary>A person, who puts its secret into <see cref="ProjectOptions.WebhookSecrets"/>.</summary>
    Manual,

    /// <summary>The service, with a secret of its own. Needs the <see cref="ProjectOptions.ApiKey"/> and <see cref="KapsoOptions.PublicUrl"/>.</summary>
    Managed,
}

/// <summary>The platform's API.</summary>
public sealed class PlatformOptions
{
    /// <summary>Where it is. Default <c>https://api.kapso.ai</c>.</summary>
    public Uri BaseUrl { get; set; } = new("https://api.kapso.ai");

    /// <summary>The plan's limit of calls per project and minute, 1 to 10,000: 100, 500, 1000 or 2000. Default 100.</summary>
    public int RequestsPerMinute { get; set; } = 100;
}

/// <summary>The operators' pages.</summary>
public sealed class OperatorOptions
{
    /// <summary>What stands for the trace's id in <see cref="TraceUrl"/>.</summary>
    public const string TraceId = "{trace_id}";

    /// <summary>
    /// The page that shows a trace: an absolute http or https URL with <see cref="TraceId"/> in its path or query. Default: none,
    /// and trace ids lead nowhere.
    /// </summary>
    public string? TraceUrl { get; set; }
}

/// <summary>The cluster of the distributed form.</summary>
public sealed class ClusterSettings
{
    /// <summary>
    /// Whether silos collect what the cluster's dashboard shows, and the API serves it to operators. It costs some time with
    /// each call. Default: in Development only.
    /// </summary>
    public bool? Dashboard { get; set; }
}

/// <summary>The store of the distributed form; its address is <c>ConnectionStrings:redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>
    /// Whether a Redis whose configuration says that it loses what it acknowledged is worked with as if it did not. Default false: the
    /// service is not ready then.
    /// </summary>
    public bool AcceptWeakerDurability { get; set; }
}

/// <summary>How a customer is welcomed.</summary>
public enum WelcomeFlow
{
    /// <summary>A line in the log.</summary>
    Log,

    /// <summary>A POST to the company's application.</summary>
    Callback,

    /// <summary>A WhatsApp template message.</summary>
    Template,
}

/// <summary>What becomes of a number that came back and was not known here.</summary>
public enum ReturningNumbers
{
    /// <summary>It is connected, without a welcome, unless the platform's row or a <c>created</c> says that it is new.</summary>
    Adopt,

    /// <summary>It is welcomed as a new one.</summary>
    Greet,
}

/// <summary>What becomes of a number whose phone was welcomed within the last 30 days, as another number of the same customer.</summary>
public enum SamePhones
{
    /// <summary>It is connected, without a welcome; a person can have it greeted.</summary>
    Quiet,

    /// <summary>It is welcomed as any other.</summary>
    Greet,
}

/// <summary>The welcome.</summary>
public sealed class WelcomeOptions
{
    /// <summary>How a customer is welcomed. Default: a line in the log.</summary>
    public WelcomeFlow Flow { get; set; } = WelcomeFlow.Log;

    /// <summary>Numbers first learned from the API and older than this are adopted without a welcome. Default: the service's first start.</summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>What becomes of a number that came back and was not known here. Default: <see cref="ReturningNumbers.Adopt"/>.</summary>
    public ReturningNumbers Returning { get; set; }

    /// <summary>
    /// What becomes of a number whose phone was welcomed within the last 30 days, as another number of the same customer. Default:
    /// <see cref="SamePhones.Quiet"/>.
    /// </summary>
    public SamePhones SamePhone { get; set; }

    /// <summary>
    /// How long a welcome that was not sent waits for its number, which is gone, to be connected again: a minute to a year.
    /// Default 7 days.
    /// </summary>
    public TimeSpan GoneFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Where the welcome is posted to.</summary>
    public ReceiverOptions Callback { get; set; } = new();

    /// <summary>The WhatsApp message that is sent.</summary>
    public TemplateOptions Template { get; set; } = new();
}

/// <summary>The template that a customer is welcomed with.</summary>
public sealed class TemplateOptions
{
    /// <summary>As <see cref="SenderPhoneNumberId"/>: the number that was just connected. It must have the template among its own.</summary>
    public const string Connected = "connected";

    /// <summary>The approved template's name.</summary>
    public string? Name { get; set; }

    /// <summary>The template's language code, e.g. <c>en_US</c>.</summary>
    public string? Language { get; set; }

    /// <summary>Meta's id of the number that sends, or <see cref="Connected"/>.</summary>
    public string? SenderPhoneNumberId { get; set; }

    /// <summary>The values of the body's variables, in their order; each names what it is, see <c>TemplateVariables</c>, or is <c>=</c> and a text.</summary>
    public IList<string> Variables { get; } = [];
}

/// <summary>A receiver of Standard Webhooks.</summary>
public class ReceiverOptions
{
    /// <summary>The URL that takes the POST.</summary>
    public Uri? Url { get; set; }

    /// <summary>The secret that signs it: <c>whsec_</c> and base64 of 24 to 64 bytes; several are separated by blanks.</summary>
    public string? Secret { get; set; }

    /// <summary>How long the receiver may take to answer once the request is sent, 1 s to 30 s. Default 10 s. A connection may take 5 s more, as far as the lease leaves them.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>The default receiver of changes, and others beside it.</summary>
public sealed class NotifyOptions : ReceiverOptions
{
    /// <summary>Further receivers, of all projects. Default: none. More can be made for a project by the API and on the operators' pages.</summary>
    public IList<NamedReceiverOptions> Receivers { get; } = [];

    /// <summary>What the receivers are told, the default one first.</summary>
    public ImmutableArray<ReceiverTerms> Terms() =>
    [
        .. Url is null ? [] : (ReceiverTerms[])[ReceiverTerms.Default],
        .. Receivers.Select(static receiver => new ReceiverTerms(receiver.Id!)
        {
            Types = [.. receiver.Types.Select(static type => NotifyTypes.Find(type)!.Value)],
            Tag = receiver.Tag,
        }),
    ];
}

/// <summary>One of several receivers of changes.</summary>
public sealed class NamedReceiverOptions : ReceiverOptions
{
    /// <summary>Its id: 1 to 40 letters, digits, hyphens and underscores. What waits for it is kept under this.</summary>
    public string? Id { get; set; }

    /// <summary>The types of changes that it is told, as <c>connection.connected</c>. Default: all.</summary>
    public IList<string> Types { get; } = [];

    /// <summary>It is told only of customers with this tag, as <c>plan:pro</c>. Default: of all.</summary>
    public string? Tag { get; set; }
}

/// <summary>Where browsers go instead of our pages.</summary>
public sealed class PagesOptions
{
    /// <summary>After a success redirect.</summary>
    public Uri? SuccessUrl { get; set; }

    /// <summary>After a failure redirect.</summary>
    public Uri? FailureUrl { get; set; }

    /// <summary>The exact hosts that browsers may be sent to.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>The company's name on the customers' pages, at most 80 characters. Default: the project's name.</summary>
    public string? CompanyName { get; set; }

    /// <summary>The company's logo on the customers' pages: an https URL, or a path on this service's own host. Default: none.</summary>
    public string? LogoUrl { get; set; }

    /// <summary>Colours of the customers' pages.</summary>
    public PageColors Colors { get; set; } = new();

    /// <summary>Their colours where the browser prefers dark ones.</summary>
    public PageColors DarkColors { get; set; } = new();
}

/// <summary>Colours of the customers' pages, each as <c>#rrggbb</c>: all of them, or none, which leaves them as they are.</summary>
public sealed class PageColors
{
    /// <summary>Behind the card.</summary>
    public string? Page { get; set; }

    /// <summary>The card.</summary>
    public string? Card { get; set; }

    /// <summary>Text on the card.</summary>
    public string? Text { get; set; }

    /// <summary>The company's name, and the card's upper edge.</summary>
    public string? Accent { get; set; }

    /// <summary>Whether any is set.</summary>
    public bool IsSet => (Page ?? Card ?? Text ?? Accent) is not null;
}

/// <summary>The embedded engine's store.</summary>
public sealed class StoreOptions
{
    /// <summary>The SQLite file. Default <c>./data/kapso.db</c>.</summary>
    public string Path { get; set; } = "./data/kapso.db";
}

/// <summary>How effects are sent and repeated.</summary>
public sealed class OutboxOptions
{
    /// <summary>Effects of each kind that are sent and not yet settled at a time, 1 to 1,000. Default 64.</summary>
    public int Parallelism { get; set; } = 64;

    /// <summary>Attempts before a welcome or a notify is dead, 1 to 100. Default 20.</summary>
    public int MaxAttempts { get; set; } = 20;

    /// <summary>Delay after the first failed attempt, doubled after each further one. Default 2 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest delay between two attempts. Default 1 h.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a claim lasts; longer than any time-out of a send. Default 60 s.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);
}

/// <summary>How long parked deliveries are kept.</summary>
public sealed class ParkedOptions
{
    /// <summary>Age past which parked deliveries are pruned. Default 30 days.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How many are kept per project. Default 10,000. Those that need a person are pruned last; those that the engine owes a replay, never.</summary>
    public int MaxCount { get; set; } = 10_000;
}

/// <summary>How long the audit is kept.</summary>
public sealed class AuditOptions
{
    /// <summary>Age past which its lines are pruned, 1 day to 10 years of 365 days. Default 400 days.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(400);
}

/// <summary>Links with which customers connect again what has gone.</summary>
public sealed class ReconnectOptions
{
    /// <summary>
    /// Whether the service makes such a link by itself, and tells the company of it, 15 minutes after WhatsApp disconnected a number, in
    /// projects with an <see cref="ProjectOptions.ApiKey"/>. Default false.
    /// </summary>
    public bool Auto { get; set; }
}

/// <summary>How often what was missed is looked for, in projects with an <see cref="ProjectOptions.ApiKey"/>.</summary>
public sealed class ReconcileOptions
{
    /// <summary>From the start of one pass to the start of the next, 1 minute to 1 day. Default 10 minutes.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);
}
