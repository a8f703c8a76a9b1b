namespace Kapso.Engines.Budget;

/// <summary>What a budget of calls needs to know; filled in from the service's settings.</summary>
public sealed class BudgetOptions
{
    /// <summary>The plan's limit of calls per minute for each project, at least 1. Default 100.</summary>
    public int RequestsPerMinute { get; set; } = 100;
}
