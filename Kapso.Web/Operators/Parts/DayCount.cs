namespace Kapso.Web.Operators.Parts;

/// <summary>How much ended so on a day.</summary>
public readonly record struct DayCount(DateOnly Day, string Outcome, long Count);
