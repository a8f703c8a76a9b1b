namespace Kapso.Benchmarks.Load;

/// <summary>What the deliveries of a run have in common.</summary>
internal enum DeliveryForm
{
    /// <summary>Each is about another customer and another number, correctly signed.</summary>
    Distinct,

    /// <summary>The first one again and again, to the byte.</summary>
    Repeated,

    /// <summary>As distinct ones, but with one digit of the signature changed.</summary>
    Forged,
}
