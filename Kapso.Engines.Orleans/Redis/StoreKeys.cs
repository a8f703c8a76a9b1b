using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// The names under which the engine keeps things in Redis, beside the grains' own records. All begin with the service's id;
/// what belongs to a project ends with the project's.
/// </summary>
internal sealed class StoreKeys(string serviceId)
{
    /// <summary>Separates the parts of a member or value. Ids hold no control characters, so it cannot be part of one.</summary>
    public const char Separator = '\n';

    private readonly string _prefix = serviceId + "/";
    private readonly ConcurrentDictionary<string, RedisKey[]> _ofConnections = new(StringComparer.Ordinal);

    /// <summary>What all of them begin with, and Orleans' own as well.</summary>
    public string Prefix => _prefix;

    /// <summary>Set: projects of which something is kept.</summary>
    public RedisKey Projects => _prefix + "projects";

    /// <summary>String: when the service first started on this store, in milliseconds since 1970.</summary>
    public RedisKey FirstStart => _prefix + "first-start";

    /// <summary>Hash: which store this is; see <see cref="StoreIdentity"/>.</summary>
    public RedisKey Store => _prefix + "store";

    /// <summary>Channel: says that something of <see cref="Store"/> was changed.</summary>
    public RedisChannel StoreChanged => RedisChannel.Literal(_prefix + "store-changed");

    /// <summary>String: written by health checks.</summary>
    public RedisKey Probe => _prefix + "probe";

    /// <summary>Hash: <c>waiting</c>, <c>stuck</c> (effects) and <c>parked</c> (deliveries that wait), over all projects.</summary>
    public RedisKey Totals => _prefix + "totals";

    /// <summary>Hash: state → project and customer.</summary>
    public RedisKey States => _prefix + "states";

    /// <summary>Hash: the platform's link id → customer.</summary>
    public RedisKey Links(string project) => _prefix + "links/" + project;

    /// <summary>Hash: number → the customers that proved it, the newest last.</summary>
    public RedisKey Numbers(string project) => _prefix + "numbers/" + project;

    /// <summary>Sorted set: customer and activation → when to look at the customer, in milliseconds since 1970.</summary>
    public RedisKey Due(string project) => _prefix + "due/" + project;

    /// <summary>Hash: customer → their row in the operator's list.</summary>
    public RedisKey Rows(string project) => _prefix + "rows/" + project;

    /// <summary>Sorted set by name: status (one digit) and customer.</summary>
    public RedisKey List(string project) => _prefix + "list/" + project;

    /// <summary>Sorted set by name: number and customer.</summary>
    public RedisKey Search(string project) => _prefix + "search/" + project;

    /// <summary>Sorted set by name: word and customer; see <see cref="SearchWords"/>.</summary>
    public RedisKey Words(string project) => _prefix + "words/" + project;

    /// <summary>Hash: customer → the words that are in <see cref="Words"/> for them.</summary>
    public RedisKey WordsOf(string project) => _prefix + "words-of/" + project;

    /// <summary>String: the words of the customers that an earlier version left without have been put in.</summary>
    public RedisKey WordsAdded(string project) => _prefix + "words-added/" + project;

    /// <summary>Sorted set by name: status (one digit), customer and effect, of the effects that need a person.</summary>
    public RedisKey Stuck(string project) => _prefix + "stuck/" + project;

    /// <summary>Sorted set: customer with open setup links → when they were last checked, in milliseconds since 1970.</summary>
    public RedisKey LinkChecks(string project) => _prefix + "link-checks/" + project;

    /// <summary>Sorted set by name: mark (one digit), customer and number, of the numbers that a person should look at.</summary>
    public RedisKey Marked(string project) => _prefix + "marked/" + project;

    /// <summary>Sorted set: such a mark that ends by itself → its end, in milliseconds since 1970. It is not taken out then.</summary>
    public RedisKey MarkEnds(string project) => _prefix + "mark-ends/" + project;

    /// <summary>What the scripts that keep the indexes of connections work on, in their order.</summary>
    public RedisKey[] OfConnections(string project) => _ofConnections.GetOrAdd(project, _ =>
    [
        Due(project), Rows(project), List(project), Totals, Search(project), Stuck(project),
        Numbers(project), Links(project), States, Hints(project), LinkChecks(project), Marked(project),
        MarkEnds(project), Words(project), WordsOf(project), Store,
    ]);

    /// <summary>String: the states and links that an earlier version left have been taken out.</summary>
    public RedisKey LinksTidied(string project) => _prefix + "links-tidied/" + project;

    /// <summary>Sorted set: project → when an authentic webhook last came, in milliseconds since 1970.</summary>
    public RedisKey LastWebhooks => _prefix + "last-webhooks";

    /// <summary>Hash: what is counted by the day → how often it came.</summary>
    public RedisKey Counts(string project, long day) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_prefix}counts/{day}/{project}");

    /// <summary>String: what was turned away of a project, or of none (null), as JSON.</summary>
    public RedisKey TurnedAway(string? project) => _prefix + "turned-away/" + project;

    /// <summary>Sorted set by name: the lines of the audit of a project, or of none (null), as JSON; see <see cref="AuditStore"/>.</summary>
    public RedisKey Audit(string? project) => _prefix + "audit/" + project;

    /// <summary>Sorted set by name: what lines of the audit are found by; see <see cref="Redis.AuditIndex"/>.</summary>
    public RedisKey AuditIndex(string? project) => _prefix + "audit-index/" + project;

    /// <summary>Hash: number → its unclaimed hints.</summary>
    public RedisKey Hints(string project) => _prefix + "hints/" + project;

    /// <summary>Sorted set: number and link of a hint → when it was received.</summary>
    public RedisKey HintTimes(string project) => _prefix + "hint-times/" + project;

    /// <summary>Hash: parked delivery → status, time of its resolution, and the rest as JSON.</summary>
    public RedisKey Parked(string project) => _prefix + "parked/" + project;

    /// <summary>Hash: parked delivery → its raw body.</summary>
    public RedisKey ParkedBodies(string project) => _prefix + "parked-bodies/" + project;

    /// <summary>Sorted set by name: parked deliveries that wait.</summary>
    public RedisKey ParkedWaiting(string project) => _prefix + "parked-waiting/" + project;

    /// <summary>Sorted set: parked delivery → worth and time of receipt: the order in which they are pruned.</summary>
    public RedisKey ParkedRetention(string project) => _prefix + "parked-worth/" + project;

    /// <summary>Hash: event → how often it came and when last.</summary>
    public RedisKey Events(string project) => _prefix + "events/" + project;

    /// <summary>Hash: event → the last body.</summary>
    public RedisKey EventBodies(string project) => _prefix + "event-bodies/" + project;

    /// <summary>List: failed setups whose link is not known, the newest first.</summary>
    public RedisKey FailedSetups(string project) => _prefix + "failed-setups/" + project;

    /// <summary>String: where the project's reconciliation stands: its version, a line end, the record as JSON.</summary>
    public RedisKey Reconciliation(string project) => _prefix + "reconciliation/" + project;

    /// <summary>Hash: what stands for an erased customer → what was erased, and what is remembered, as JSON.</summary>
    public RedisKey Erasures => _prefix + "erasures";

    /// <summary>String: when the customer was erased for whom a hash stands, in milliseconds since 1970. It goes by itself, once nothing of before can come any more.</summary>
    public RedisKey ErasedLately(string hash) => _prefix + "erased-lately/" + hash;

    /// <summary>
    /// Hash: customer whose erasure has not come to its end → what they are found by, as JSON. Where only the bytes are left: what stands for
    /// the customer → nothing.
    /// </summary>
    public RedisKey Erasing(string project) => _prefix + "erasing/" + project;

    /// <summary>String: the webhook that is kept at the platform; see <see cref="VersionedValue"/>.</summary>
    public RedisKey Webhook(string project) => _prefix + "webhook/" + project;

    /// <summary>String: the company's receivers; see <see cref="VersionedValue"/>.</summary>
    public RedisKey Receivers(string project) => _prefix + "receivers/" + project;

    /// <summary>Hash: receiver → since when nothing goes through to it, in milliseconds since 1970.</summary>
    public RedisKey FailingReceivers(string project) => _prefix + "failing-receivers/" + project;

    /// <summary>Hash: message to a receiver → what became of it, as JSON.</summary>
    public RedisKey Messages(string project, string receiver) => _prefix + "messages/" + project + Separator + receiver;

    /// <summary>What the names of <see cref="Messages"/> of a project begin with.</summary>
    public string MessagesPrefix(string project) => _prefix + "messages/" + project + Separator;

    /// <summary>Sorted set: message to a receiver → when it was decided, in milliseconds since 1970.</summary>
    public RedisKey MessageTimes(string project, string receiver) => _prefix + "message-times/" + project + Separator + receiver;

    /// <summary>The same, of those that were not delivered.</summary>
    public RedisKey OpenMessages(string project, string receiver) => _prefix + "open-messages/" + project + Separator + receiver;

    /// <summary>String: the token of whoever is about to make a customer with this id of the company's, and until when that holds. It goes by itself.</summary>
    public RedisKey CustomerIntent(string project, string externalId) =>
        _prefix + "customer-intents/" + project + Separator + externalId;

    /// <summary>Sorted set: a call to the platform → when it was made, in milliseconds since 1970 by Redis' own clock.</summary>
    public RedisKey Calls(string project) => _prefix + "calls/" + project;

    /// <summary>The same, of the calls of one purpose.</summary>
    public RedisKey Calls(string project, string purpose) => _prefix + "calls/" + project + "\n" + purpose;

    /// <summary>Hash: purpose → until when a call for it waits somewhere because the minute is full.</summary>
    public RedisKey CallsWaiting(string project) => _prefix + "calls-waiting/" + project;

    /// <summary>Channel: says that a customer's connection was written.</summary>
    public RedisChannel Changed(string grainKey) => RedisChannel.Literal(_prefix + "changed/" + grainKey);
}
