namespace Kapso.Benchmarks.Targets;

/// <summary>What a target and the benchmark agree on. The defaults are made up, for processes that live as long as a run.</summary>
internal sealed record TargetCredentials
{
    public string ProjectId { get; init; } = "990e8400-e29b-41d4-a716-446655440004";

    public string WebhookSecret { get; init; } = "benchmark-webhook-secret";

    public string ManagementKey { get; init; } = "benchmark-management-key-of-no-other-use";

    /// <summary>In the form of Standard Webhooks.</summary>
    public string WelcomeSecret { get; init; } = "whsec_YmVuY2htYXJrLXdlbGNvbWUtc2VjcmV0LTAxMjM=";
}
