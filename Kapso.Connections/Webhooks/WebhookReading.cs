namespace Kapso.Connections.Webhooks;

/// <summary>What an authentic webhook says: exactly one of the four nested cases.</summary>
public abstract record WebhookReading
{
    private WebhookReading()
    {
    }

    /// <summary>News about numbers, in the body's order.</summary>
    /// <param name="Items">At least one and at most <see cref="WebhookReader.MaxBatch"/>.</param>
    public sealed record Observations(IReadOnlyList<CustomerObservation> Items) : WebhookReading;

    /// <summary>An event that changes no number, known or not: count it by name and answer 200.</summary>
    /// <param name="EventName">The event's name, a <see cref="BoundedId"/>.</param>
    public sealed record NotOurs(string EventName) : WebhookReading;

    /// <summary>A test delivery (<c>"test": true</c> at top level), of any event: shown as the last one, never folded.</summary>
    public sealed record Test : WebhookReading
    {
        private Test()
        {
        }

        /// <summary>The one value.</summary>
        public static Test Instance { get; } = new();
    }

    /// <summary>Nothing could be made of it: keep the delivery for a person, and answer 200.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Detail">What exactly was wrong, in words.</param>
    public sealed record Park(ParkedReason Reason, string Detail) : WebhookReading;
}

/// <summary>One observation and whose it is.</summary>
/// <param name="CustomerId">The customer, a <see cref="BoundedId"/>; null where the body names none: look the number up.</param>
/// <param name="Observation">What is said. Its number is never null.</param>
public readonly record struct CustomerObservation(string? CustomerId, Observation Observation);
