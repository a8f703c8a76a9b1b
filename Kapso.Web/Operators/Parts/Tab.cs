namespace Kapso.Web.Operators.Parts;

/// <summary>One of several views of a list.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Url">Where it is.</param>
/// <param name="IsCurrent">Whether it is the one that is shown.</param>
public sealed record Tab(string Name, string Url, bool IsCurrent);
