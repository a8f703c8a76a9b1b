using BenchmarkDotNet.Attributes;
using Kapso.Connections.Webhooks;

namespace Kapso.Benchmarks.Micro;

/// <summary>The check that every request pays for, authentic or not.</summary>
[MemoryDiagnoser]
public class SignatureBenchmarks
{
    private readonly WebhookSecrets one = WebhookSecrets.Create([Samples.Secret]);
    private readonly WebhookSecrets rotating = WebhookSecrets.Create(["another-webhook-secret", Samples.Secret]);
    private readonly string wrong = new('0', Samples.FlatSignature.Length);

    /// <summary>Makes sure that what is measured is what its name says.</summary>
    [GlobalSetup]
    public void Check()
    {
        if (!Authentic() || !SecondSecret() || Wrong() || Missing())
        {
            throw new InvalidOperationException("The signature check does not tell authentic bodies from others.");
        }
    }

    /// <summary>An authentic body, one secret.</summary>
    [Benchmark(Baseline = true)]
    public bool Authentic() => WebhookSignature.Verify(Samples.Flat, Samples.FlatSignature, one);

    /// <summary>An authentic body, signed with the second of two secrets.</summary>
    [Benchmark]
    public bool SecondSecret() => WebhookSignature.Verify(Samples.Flat, Samples.FlatSignature, rotating);

    /// <summary>A signature of the right form that is wrong.</summary>
    [Benchmark]
    public bool Wrong() => WebhookSignature.Verify(Samples.Flat, wrong, one);

    /// <summary>No signature at all.</summary>
    [Benchmark]
    public bool Missing() => WebhookSignature.Verify(Samples.Flat, default, one);
}
