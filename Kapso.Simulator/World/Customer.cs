namespace Kapso.Simulator.World;

/// <summary>A customer of the project.</summary>
public sealed record Customer(string Id, string Name, string? ExternalCustomerId, DateTimeOffset CreatedAt) : IRow;
