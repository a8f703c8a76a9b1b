namespace Kapso.Engines.Budget;

/// <summary>One call, as the budget sees it.</summary>
/// <param name="ProjectId">Whose key it uses: the platform's limit is per key.</param>
/// <param name="Purpose">What it is made for.</param>
public readonly record struct PlatformCall(string ProjectId, CallPurpose Purpose);
