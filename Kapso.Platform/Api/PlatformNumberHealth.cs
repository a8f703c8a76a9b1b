using System.Text.Json;
using Kapso.Platform.Api.Reading;

namespace Kapso.Platform.Api;

/// <summary>The health of a number; the platform keeps it for 3 minutes.</summary>
/// <param name="Status"><c>healthy</c>, or another word.</param>
/// <param name="CheckedAt">When the platform looked.</param>
/// <param name="FailedChecks">Names of the checks that did not pass.</param>
public sealed record PlatformNumberHealth(string Status, DateTimeOffset? CheckedAt, IReadOnlyList<string> FailedChecks)
{
    internal static PlatformNumberHealth? Read(JsonElement row) => row.Text("status") is { } status
        ? new(status, row.Time("timestamp"), Failed(row))
        : null;

    private static IReadOnlyList<string> Failed(JsonElement row) =>
        row.Member("checks") is { ValueKind: JsonValueKind.Object } checks
            ? [.. checks.EnumerateObject()
                .Where(check => check.Value.Member("passed") is { ValueKind: JsonValueKind.False })
                .Select(check => PlainText.Of(check.Name))]
            : [];
}
