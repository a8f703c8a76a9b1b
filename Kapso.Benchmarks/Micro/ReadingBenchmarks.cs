using BenchmarkDotNet.Attributes;
using Kapso.Connections.Webhooks;

namespace Kapso.Benchmarks.Micro;

/// <summary>From the bytes of a body to observations.</summary>
[MemoryDiagnoser]
public class ReadingBenchmarks
{
    private readonly WebhookHeaders headers = new("whatsapp.phone_number.created", Samples.IdempotencyKey, "v2", false);

    /// <summary>The flat body.</summary>
    [Benchmark(Baseline = true)]
    public WebhookReading Flat() => WebhookReader.Read(Samples.ProjectId, headers, Samples.Flat, Samples.ReceivedAt);

    /// <summary>The same in an envelope.</summary>
    [Benchmark]
    public WebhookReading Envelope() => WebhookReader.Read(Samples.ProjectId, headers, Samples.Envelope, Samples.ReceivedAt);
}
