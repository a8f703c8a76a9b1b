using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;

namespace Kapso.Web.Management;

/// <summary>Which lines of the audit a request asks for, as it says so. What is left out, or empty, is not asked for.</summary>
/// <param name="Action">What was done, exactly.</param>
/// <param name="By">Who did it, exactly.</param>
/// <param name="Customer">The customer's id, or the hash in place of one who was erased.</param>
/// <param name="From">Began then or later: a day or a time, UTC unless it says otherwise.</param>
/// <param name="Until">Began before: the same.</param>
/// <param name="Outcome">What became of it.</param>
public sealed partial record AuditParameters(
    [FromQuery(Name = "action")] string? Action = null,
    [FromQuery(Name = "by")] string? By = null,
    [FromQuery(Name = "customer")] string? Customer = null,
    [FromQuery(Name = "from")] string? From = null,
    [FromQuery(Name = "until")] string? Until = null,
    [FromQuery(Name = "outcome")] string? Outcome = null)
{
    /// <summary>Makes a query of them; returns what is wrong, or null.</summary>
    internal string? Read(string projectId, string? cursor, int limit, out AuditQuery query)
    {
        query = new AuditQuery(projectId, string.IsNullOrEmpty(cursor) ? null : cursor, limit)
        {
            Action = Blank(Action),
            By = Blank(By),
            CustomerId = Blank(Customer),
        };
        string?[] mistakes =
        [
            CheckName("action", query.Action), CheckName("by", query.By), CheckName("customer", query.CustomerId),
            ReadTime("from", From, out var from), ReadTime("until", Until, out var until),
            ListParameters.ReadName("outcome", Blank(Outcome), out var outcome, Enum.GetValues<AuditOutcome>()),
        ];
        query = query with { From = from, Until = until, Outcome = outcome };
        return mistakes.FirstOrDefault(mistake => mistake is not null);
    }

    private static string? CheckName(string parameter, string? text) => text is null || BoundedId.IsValid(text)
        ? null
        : $"{parameter} must have 1 to 128 characters, none of them a control character, and no blank at its ends.";

    private static string? ReadTime(string parameter, string? text, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text))
            return null;
        if (!Time().IsMatch(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read))
            return $"{parameter} must be a day or a time, such as 2026-01-31 or 2026-01-31T09:30:00Z.";
        time = read;
        return null;
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Time();
}
