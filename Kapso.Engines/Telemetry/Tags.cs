using System.Collections.Frozen;

namespace Kapso.Engines.Telemetry;

/// <summary>Metric tags from closed sets, without an allocation for each measurement.</summary>
public static class Tags
{
    private static readonly FrozenSet<string> Events = FrozenSet.Create(
        StringComparer.Ordinal,
        "whatsapp.phone_number.created", "whatsapp.phone_number.deleted", "whatsapp.phone_number.offboarded",
        "whatsapp.phone_number.disconnected", "whatsapp.phone_number.reconnected", "whatsapp.config.created",
        "whatsapp.account.disabled", "whatsapp.account.restricted", "whatsapp.account.violation", "whatsapp.account.reinstated",
        "redirect.success", "redirect.failed", "redirect.failure", "api.confirm", "api.reconcile", "api.lookup", Observation.ClaimedElsewhereEvent);

    public static KeyValuePair<string, object?> Of<T>(string name, T value)
        where T : struct, Enum => new(name, Names<T>.Of(value));

    /// <summary>The event's name where it is a known one: others come from outside.</summary>
    public static KeyValuePair<string, object?> OfEvent(string name) => new("event", Events.Contains(name) ? name : "other");

    private static class Names<T>
        where T : struct, Enum
    {
        private static readonly FrozenDictionary<T, string> All =
            Enum.GetValues<T>().ToFrozenDictionary(value => value, value => ToSnakeCase(value.ToString()));

        public static string Of(T value) => All.TryGetValue(value, out var name) ? name : "other";

        private static string ToSnakeCase(string name) =>
            System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }
}
