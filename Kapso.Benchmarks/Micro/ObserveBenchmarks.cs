using BenchmarkDotNet.Attributes;
using Kapso.Connections;
using Kapso.Connections.Deciding;
using Kapso.Connections.Observations;
using Kapso.Connections.Values;

namespace Kapso.Benchmarks.Micro;

/// <summary>The decision, from the connection as last written to the one to be written.</summary>
[MemoryDiagnoser]
public class ObserveBenchmarks
{
    private readonly ConnectionPolicy policy = new();
    private readonly Connection empty = Connection.Empty(new CustomerKey(Samples.ProjectId, Samples.CustomerId));
    private readonly Observation created = new()
    {
        Kind = ObservationKind.Created,
        Source = Source.Webhook,
        Event = "whatsapp.phone_number.created",
        PhoneNumberId = Samples.PhoneNumberId,
        ReceivedAt = Samples.ReceivedAt,
        DeliveryId = Samples.IdempotencyKey,
    };

    private Connection connected = null!;
    private Observation gone = null!;

    /// <summary>Prepares a connected customer.</summary>
    [GlobalSetup]
    public void Connect()
    {
        connected = Decisions.Observe(empty, created, policy, Samples.ReceivedAt).Connection;
        gone = created with { Kind = ObservationKind.Gone, Event = "whatsapp.phone_number.deleted" };
    }

    /// <summary>A customer never heard of becomes connected; the welcome is decided.</summary>
    [Benchmark(Baseline = true)]
    public Decision New() => Decisions.Observe(empty, created, policy, Samples.ReceivedAt);

    /// <summary>The same news again.</summary>
    [Benchmark]
    public Decision Duplicate() => Decisions.Observe(connected, created, policy, Samples.ReceivedAt);

    /// <summary>The number goes.</summary>
    [Benchmark]
    public Decision Gone() => Decisions.Observe(connected, gone, policy, Samples.ReceivedAt);
}
