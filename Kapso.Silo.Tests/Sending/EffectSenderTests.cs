using Kapso.Engines.Orleans.Sending;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kapso.Silo.Tests.Sending;

public sealed class EffectSenderTests
{
    [Fact]
    public void Room_that_was_reserved_for_a_claim_that_fails_is_given_back()
    {
        var now = DateTimeOffset.UtcNow;
        var policy = new ConnectionPolicy();
        var connection = Decisions.Observe(
            Connection.Empty(new CustomerKey("project", "customer-1")),
            new Observation { Kind = ObservationKind.Created, Source = Source.Webhook, Event = "created", PhoneNumberId = "1", ReceivedAt = now },
            policy,
            now).Connection;
        using var sender = new EffectSender(
            [new RecordingRunner(EffectKind.Welcome)], null!, null!, Options.Create(new EngineOptions { Parallelism = 1 }),
            new EngineClock(TimeProvider.System), TimeProvider.System, NullLogger<EffectPump>.Instance);

        for (var i = 0; i < 10; i++)
            Assert.ThrowsAny<Exception>(() => sender.Claim(connection, policy: null!, now, swept: true));

        Assert.Single(sender.Claim(connection, policy, now, swept: true).Effects);
    }
}
