using System.Text.Json.Serialization;

namespace Kapso.ServiceDefaults.Health;

/// <summary>Whether this process lives, or can do its work.</summary>
/// <param name="Status"><c>alive</c>, <c>ready</c> or <c>not_ready</c>.</param>
/// <param name="Detail">Why not, or what an operator should repair; left out where the checks do not say.</param>
public sealed record HealthView(
    string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null);
