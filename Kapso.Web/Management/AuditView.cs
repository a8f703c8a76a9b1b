namespace Kapso.Web.Management;

/// <summary>One line of the audit. Every member is always present.</summary>
/// <param name="Id">Its id; ids are in the order of <paramref name="At"/>.</param>
/// <param name="At">When it began; of a count, the minute.</param>
/// <param name="Action">What was done.</param>
/// <param name="By">Who did it: the name that a person gave when they signed in, <c>management key</c>, or <c>unknown</c>.</param>
/// <param name="ByKind">What they are.</param>
/// <param name="ProjectId">The project; null for what is of none, such as a sign-in.</param>
/// <param name="CustomerId">The customer, where it is about one; a hash once the customer was erased.</param>
/// <param name="Target">The id of the effect, link, number or parked delivery that it was done to; a hash once its customer was erased.</param>
/// <param name="Detail">What else is to be known of it.</param>
/// <param name="Network">Where from: a /24 of IPv4 or a /48 of IPv6.</param>
/// <param name="TraceId">The trace that it is in.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Status">The HTTP status of the answer; null where none is known, and for a count.</param>
/// <param name="Count">How many requests were refused in that minute, of a line that counts such; else null.</param>
public sealed record AuditLineView(
    string Id,
    DateTime At,
    string Action,
    string By,
    AuditActorKind ByKind,
    string? ProjectId,
    string? CustomerId,
    string? Target,
    string? Detail,
    string? Network,
    string? TraceId,
    AuditOutcome Outcome,
    int? Status,
    long? Count)
{
    /// <summary>Shows a line.</summary>
    public static AuditLineView Of(AuditLine line) => new(
        line.Id,
        line.At.UtcDateTime,
        line.Action,
        line.By.Name,
        line.By.Kind,
        line.ProjectId,
        line.CustomerId,
        line.Target,
        line.Detail,
        line.Network,
        line.TraceId,
        line.Outcome,
        line.Status,
        line.Count);
}
