using Kapso.Connections.Storage;

namespace Kapso.Tests.Deciding;

/// <summary>What is decided for several receivers of changes.</summary>
public sealed class ReceiverDecisionTests
{
    private static readonly ReceiverTerms Other = new("rcv_other");

    private static ConnectionPolicy With(params ReceiverTerms[] receivers) => new() { Receivers = [ReceiverTerms.Default, .. receivers] };

    private static Connection Connected(ConnectionPolicy policy) =>
        Connection.Empty(Given.Key).After(Given.Observation(ObservationKind.Created, Given.Noon), policy).Connection;

    private static List<Effect> Notifies(Connection connection) => [.. connection.Outbox.Where(effect => effect.Kind == EffectKind.Notify)];

    [Fact]
    public void Stored_notifies_without_a_receiver_are_the_defaults_with_the_ids_that_they_had()
    {
        var notifies = Notifies(Connected(With(Other)));
        Assert.Equal([(null, 1L), ("rcv_other", 1L)], notifies.Select(effect => (effect.Receiver, effect.Sequence)));
        Assert.Equal(EffectIds.Notify(Given.Key, 1), notifies[0].Id);
        Assert.NotEqual(notifies[0].Id, notifies[1].Id);
        Assert.DoesNotContain("\"rc\"", System.Text.Encoding.UTF8.GetString(ConnectionJson.Write(Connected(With()))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_connection_wakes_for_the_first_of_each_receiver()
    {
        var policy = With(Other);
        var connection = Connected(policy);
        foreach (var notify in Notifies(connection))
        {
            var due = notify.Receiver is null ? Given.Noon.AddHours(2) : Given.Noon.AddHours(1);
            connection = connection with { Outbox = connection.Outbox.Replace(notify, notify with { DueAt = due }) };
        }

        connection = connection with { Outbox = connection.Outbox.RemoveAll(effect => effect.Kind != EffectKind.Notify) };
        Assert.Equal(Given.Noon.AddHours(1), connection.WakeAt);
    }

    [Fact]
    public void A_receiver_that_nobody_configures_keeps_what_is_its_until_it_is_back()
    {
        var connection = Connected(With(Other));
        var without = Decisions.LookAtReceivers(connection, With(), Given.Noon.AddMinutes(1));
        var held = Notifies(without).Single(effect => effect.Receiver is not null);
        Assert.Equal((EffectStatus.Held, true), (held.Status, held.WaitsForReceiver));
        Assert.Same(without, Decisions.LookAtReceivers(without, With(), Given.Noon.AddMinutes(2)));

        var back = Notifies(Decisions.LookAtReceivers(without, With(Other), Given.Noon.AddMinutes(3))).Single(effect => effect.Receiver is not null);
        Assert.Equal((EffectStatus.Pending, false, Given.Noon.AddMinutes(3)), (back.Status, back.WaitsForReceiver, back.DueAt));
    }

    [Fact]
    public void An_earlier_version_refuses_a_record_whose_notifies_it_would_send_to_another()
    {
        static string VersionOf(Connection connection) => System.Text.Encoding.UTF8.GetString(ConnectionJson.Write(connection)).Split(',')[0];

        Assert.Equal("{\"v\":1", VersionOf(Connected(With())));
        Assert.Equal("{\"v\":2", VersionOf(Connected(With(Other))));
        Assert.Equal("{\"v\":1", VersionOf(Connected(With(Other)) with { Outbox = [] }));
        var read = ConnectionJson.Read(ConnectionJson.Write(Connected(With(Other))));
        Assert.Equal("{\"v\":1", VersionOf(read with { Outbox = [] }));
    }
}
