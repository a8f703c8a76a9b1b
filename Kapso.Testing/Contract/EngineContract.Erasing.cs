using System.Text;
using Kapso.Connections.Webhooks;
using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

/// <summary>An erased customer is nobody's any more, and nobody is greeted again.</summary>
public abstract partial class EngineContract
{
    private static readonly ErasedCounts Nothing = new();

    [Fact]
    public async Task An_erased_customer_is_found_by_nothing()
    {
        await using var stage = await OpenAsync();
        await stage.Engine.ChangeCustomerAsync(Customer1, new CustomerChange { Name = new GivenText("Acme") }, "anna", CancellationToken.None);
        await stage.Engine.AddLinkAsync(Customer1, stage.Link("link-1") with { PlatformId = "pl-1" }, CancellationToken.None);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        var connection = await stage.FindAsync(Customer1);
        await stage.ObserveAsync(Customer2, ObservationKind.Created, "223456789012345");

        var erasure = await stage.Engine.EraseAsync(Customer1, CancellationToken.None);
        Assert.Equal(
            (1, 1, 1, connection.Timeline.Length, stage.Now),
            (erasure.Counts.Connections, erasure.Counts.Numbers, erasure.Counts.SetupLinks, erasure.Counts.TimelineEntries, erasure.CompletedAt));
        Assert.True(erasure.Counts.Messages > 0);
        for (var i = 0; i < 2; i++)
        {
            Assert.Null(await stage.Engine.FindAsync(Customer1, CancellationToken.None));
            Assert.Null(await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
            Assert.Null(await stage.Engine.FindByLinkAsync(Project, "pl-1", CancellationToken.None));
            Assert.Null(await stage.Engine.FindByStateAsync("state-link-1", CancellationToken.None));
            Assert.Empty(await stage.Engine.ListLinksToCheckAsync(Project, 10, CancellationToken.None));
            foreach (var text in (string?[])[null, "Acme", PhoneNumberId, Customer1.CustomerId])
            {
                var found = await stage.Engine.ListConnectionsAsync(new ConnectionQuery(Project, Text: text), CancellationToken.None);
                Assert.Equal(text is null ? [Customer2.CustomerId] : [], found.Items.Select(static row => row.CustomerId));
            }

            Assert.DoesNotContain(
                (await stage.Engine.ListMessagesAsync(new MessageQuery(Project, ReceiverTerms.DefaultId), CancellationToken.None)).Items,
                static message => message.CustomerId == Customer1.CustomerId);
            Assert.Equal(1, (await stage.Engine.CountAsync(Project, CancellationToken.None)).Connections.Sum(static status => status.Count));
            Assert.Equal(erasure, await stage.Engine.FindErasureAsync(Customer1, CancellationToken.None), Alike);
            Assert.Empty(await stage.Engine.ContinueErasuresAsync(Project, CancellationToken.None));
            Assert.Equal(NumberStatus.Connected, (await stage.NumberAsync(Customer2, "223456789012345")).Status);
            await stage.CrashAsync();
        }
    }

    [Fact]
    public async Task What_is_left_of_an_erased_customer_brings_nobody_back()
    {
        await using var stage = await OpenAsync();
        var created = stage.News(ObservationKind.Created) with { DeliveryId = "delivery-1" };
        await stage.Engine.ObserveAsync(Customer1, created, CancellationToken.None);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        await stage.Engine.EraseAsync(Customer1, CancellationToken.None);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));

        Observation[] old =
        [
            created with { ReceivedAt = stage.Now },
            stage.News(ObservationKind.Gone),
            stage.News(ObservationKind.RedirectSucceeded),
            stage.News(ObservationKind.SetupFailed, phoneNumberId: null) with { ErrorCode = "access_denied" },
            stage.News(ObservationKind.AccountChanged),
            stage.News(ObservationKind.ApiAbsent),
            stage.News(ObservationKind.ApiConnected),
            stage.News(ObservationKind.ApiConnected) with { RowCreatedAt = stage.Now - TimeSpan.FromMinutes(3) },
            stage.News(ObservationKind.Created) with { OccurredAt = stage.Now - TimeSpan.FromMinutes(2) },
            stage.News(ObservationKind.Created) with { Replayed = true, ReceivedAt = stage.Now - TimeSpan.FromMinutes(5) },
            stage.News(ObservationKind.Named, phoneNumberId: null) with { Customer = CustomerNames.From("own", "Acme", null) },
        ];
        foreach (var observation in old)
        {
            var receipt = await stage.Engine.ObserveAsync(Customer1, observation, CancellationToken.None);
            Assert.Equal(Outcome.Stale, receipt.Outcome);
            Assert.Null(await stage.Engine.FindAsync(Customer1, CancellationToken.None));
        }

        await stage.Engine.NoteAsync(
            Customer1, new TimelineEntry { At = stage.Now, Source = Source.Operator, Event = "note", Outcome = Outcome.Noted }, CancellationToken.None);
        await stage.RestartAsync();
        Assert.Null(await stage.Engine.FindAsync(Customer1, CancellationToken.None));
        Assert.Empty((await stage.Engine.ListConnectionsAsync(new ConnectionQuery(Project), CancellationToken.None)).Items);
    }

    [Theory]
    [InlineData(ObservationKind.Created)]
    [InlineData(ObservationKind.Reconnected)]
    [InlineData(ObservationKind.ApiConnected)]
    public async Task A_number_that_comes_after_the_erasure_makes_a_connection_that_is_not_greeted(ObservationKind kind)
    {
        await using var stage = await OpenAsync(WithApi with { GreetsReturning = true });
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
        var welcomed = stage.Welcomes.Calls.Count;
        await stage.Engine.EraseAsync(Customer1, CancellationToken.None);
        await stage.CrashAsync();
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));

        var news = stage.News(kind) with { RowCreatedAt = kind == ObservationKind.ApiConnected ? stage.Now : null };
        Assert.Equal(Outcome.Adopted, (await stage.Engine.ObserveAsync(Customer1, news, CancellationToken.None)).Outcome);
        var connection = await stage.FindAsync(Customer1);
        Assert.Equal((1, 1), (connection.Timeline.Length, connection.Numbers.Length));
        Assert.Equal((NumberStatus.Connected, true, null), (connection.Numbers[0].Status, connection.Numbers[0].Adopted, connection.Numbers[0].Welcome));

        // Whatever is told of it later, and however often the customer is erased.
        await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        await stage.AdvanceAsync(TimeSpan.FromHours(1));
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        Assert.Null((await stage.NumberAsync(Customer1)).Welcome);
        await stage.Engine.EraseAsync(Customer1, CancellationToken.None);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        Assert.Null((await stage.NumberAsync(Customer1)).Welcome);

        // Another number of the same customer was never greeted.
        await stage.ObserveAsync(Customer1, ObservationKind.Created, "223456789012345");
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done, "223456789012345");
        Assert.Equal(welcomed + 1, stage.Welcomes.Calls.Count);
    }

    [Fact]
    public async Task A_welcome_that_waits_is_never_sent_once_its_customer_is_erased()
    {
        await using var stage = await OpenAsync();
        var (begun, answer) = (new TaskCompletionSource(), new TaskCompletionSource<EffectResult>());
        stage.Welcomes.Answer = _ =>
        {
            begun.TrySetResult();
            return answer.Task;
        };
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await begun.Task;
        await stage.ObserveAsync(Customer1, ObservationKind.Created, "223456789012345");
        await stage.Engine.EraseAsync(Customer1, CancellationToken.None);
        answer.SetResult(EffectResult.Done);
        await stage.FenceAsync();
        Assert.Null(await stage.Engine.FindAsync(Customer1, CancellationToken.None));
        var health = await stage.Engine.CheckAsync(CancellationToken.None);
        Assert.Equal((0, 0), (health.OutboxWaiting, health.EffectsHeldOrDead));
    }

    [Fact]
    public async Task Erased_twice_at_a_time_each_thing_is_counted_once()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        await stage.Engine.ParkAsync(Parked(stage, "parked", """{"customer":{"id":"customer-1"}}"""), CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => stage.Engine.EraseAsync(Customer1, CancellationToken.None)));
        var erasure = (await stage.Engine.FindErasureAsync(Customer1, CancellationToken.None))!;
        Assert.NotNull(erasure.CompletedAt);
        Assert.Equal((1, 1, 1), (erasure.Counts.Connections, erasure.Counts.Numbers, erasure.Counts.Parked));
        Assert.Empty(await stage.Engine.ContinueErasuresAsync(Project, CancellationToken.None));
    }

    [Fact]
    public async Task A_message_that_is_on_its_way_is_not_kept_once_its_customer_is_erased()
    {
        await using var stage = await OpenAsync();
        var (begun, answer) = (new TaskCompletionSource(), new TaskCompletionSource<EffectResult>());
        stage.Notifies.Answer = claimed =>
        {
            if (claimed.Key != Customer1)
                return Task.FromResult(EffectResult.Done);
            begun.TrySetResult();
            return answer.Task;
        };
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await begun.Task;
        await stage.Engine.EraseAsync(Customer1, CancellationToken.None);
        answer.SetResult(EffectResult.Done);
        await stage.FenceAsync();
        await stage.RestartAsync(); // What is in flight is waited for.
        Assert.DoesNotContain(
            (await stage.Engine.ListMessagesAsync(new MessageQuery(Project, ReceiverTerms.DefaultId), CancellationToken.None)).Items,
            static message => message.CustomerId == Customer1.CustomerId);
        Assert.Null(await stage.Engine.FindAsync(Customer1, CancellationToken.None));
    }

    [Fact]
    public async Task What_was_kept_beside_the_connection_goes_with_it_and_what_is_others_stays()
    {
        await using var stage = await OpenAsync();
        await stage.Engine.AddLinkAsync(Customer1, stage.Link("link-1") with { PlatformId = "pl-1" }, CancellationToken.None);
        await stage.Engine.ChangeCustomerAsync(Customer1, new CustomerChange { OwnId = new GivenText("own-1") }, null, CancellationToken.None);
        await stage.Engine.SetContactPhoneAsync(Customer1, "+15550009911", CancellationToken.None);
        await stage.Engine.IntendCustomerAsync(Project, new CustomerIntent("own-1", Guid.NewGuid()), CancellationToken.None);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        (string Body, string? Left)[] bodies =
        [
            ("""{"customer":{"id":"customer-1"}}""", null),
            ("""{"customer":{"id":"\u0063ustomer-1"}}""", null),
            ($$"""{"phone_number_id":{{PhoneNumberId}}}""", null),
            ($$"""{"url":"https://example.com/numbers/{{PhoneNumberId}}/x"}""", null),
            ("""{"setup_link":{"id":"pl-1"}}""", null),
            ("""{"external_id":"own-1"}""", null),
            ("""{"to":"+1 (555) 000-9911"}""", null),
            ("""{"customer":{"id":"customer-1""", null),
            ("""{,"customer":{"id":"\u0063ustomer-1"}}""", null),
            ("\"customer-1\"", null),
            Kept("""{"customer":{"id":"customer-11"}}"""),
            Kept("""{"customer-1":"pl-1","type":"own-1"}"""),
            ("""{"batch":true,"data":[{"customer":{"id":"customer-1"}},{"customer":{"id":"customer-2"}}]}""", """{"batch":true,"data":[{"customer":{"id":"customer-2"}}]}"""),
            (
                """{"type":"x", "type":"x","data":[{"id":"a","z":"\ud800"},{"customer":{"id":"customer-1"},"z":"\ud800"} , {"id":"b","id":"c"}],"n":1}""",
                """{"type":"x", "type":"x","data":[{"id":"a","z":"\ud800"},{"id":"b","id":"c"}],"n":1}"""),
            ("""[{"customer":{"id":"customer-1"}},{"id":"b"}]""", """[{"id":"b"}]"""),
            ("""[{"customer":{"id":"customer-1"}}]""", null),
        ];
        foreach (var (i, (body, _)) in bodies.Index())
            await stage.Engine.ParkAsync(Parked(stage, $"parked-{i:d2}", body, isBatch: i > 8), CancellationToken.None);
        await stage.Engine.ResolveParkedAsync(Project, "parked-00", ParkedStatus.Discarded, CancellationToken.None);
        await stage.Engine.HoldHintAsync(Project, stage.News(ObservationKind.RedirectSucceeded, "323456789012345") with { SetupLinkId = "pl-1" }, CancellationToken.None);
        await stage.Engine.HoldHintAsync(Project, stage.News(ObservationKind.RedirectSucceeded, "423456789012345") with { SetupLinkId = "pl-2" }, CancellationToken.None);
        await stage.Engine.KeepFailedSetupAsync(Project, new FailedSetup(stage.Now, "access_denied", "pl-1"), CancellationToken.None);
        await stage.Engine.KeepFailedSetupAsync(Project, new FailedSetup(stage.Now, "access_denied", "pl-2"), CancellationToken.None);
        await stage.Engine.CountEventAsync(Project, new SeenEvent("whatsapp.message.received", stage.Now, Encoding.UTF8.GetBytes(bodies[2].Body)), CancellationToken.None);
        await stage.Engine.AppendAuditAsync(Line(stage, "link.issue", Customer1) with { Target = "link-1" }, CancellationToken.None);
        await stage.Engine.AppendAuditAsync(Line(stage, "link.issue", Customer2), CancellationToken.None);

        var erasure = await stage.Engine.EraseAsync(Customer1, CancellationToken.None);
        Assert.Equal(
            (bodies.Count(static body => body.Left != body.Body), 1, 1, 1),
            (erasure.Counts.Parked, erasure.Counts.Hints, erasure.Counts.EventBodies, erasure.Counts.FailedSetups));
        foreach (var (i, (_, rest)) in bodies.Index())
        {
            var found = await stage.Engine.FindParkedAsync(Project, $"parked-{i:d2}", CancellationToken.None);
            Assert.Equal(rest, found is null ? null : Encoding.UTF8.GetString(found.Body.Span));
        }

        var activity = await stage.Engine.ReadActivityAsync(Project, CancellationToken.None);
        Assert.Equal((1, "pl-2", 1), (activity.UnclaimedHints, Assert.Single(activity.FailedSetups).SetupLinkId, Assert.Single(activity.Events).Count));
        Assert.Equal(bodies.Count(static body => body.Left is not null), (await stage.Engine.CheckAsync(CancellationToken.None)).ParkedWaiting);
        Assert.True(await stage.Engine.IntendCustomerAsync(Project, new CustomerIntent("own-1", Guid.NewGuid()), CancellationToken.None)); // The one before is gone.
        Assert.Equal(
            [(Customer2.CustomerId, null), (erasure.Hash, erasure.Hash)],
            (await AuditAsync(stage)).Select(static line => (line.CustomerId, line.Target)).OrderBy(line => line.CustomerId == erasure.Hash));
    }

    [Fact]
    public async Task Erasing_again_erases_what_came_since()
    {
        await using var stage = await OpenAsync();
        Assert.Null(await stage.Engine.FindErasureAsync(Customer1, CancellationToken.None));
        Assert.Equal(Nothing, (await stage.Engine.EraseAsync(Customer1, CancellationToken.None)).Counts);
        await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        Assert.Null(await stage.Engine.FindAsync(Customer1, CancellationToken.None));

        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done); // It was never greeted.
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        var first = await stage.Engine.EraseAsync(Customer1, CancellationToken.None);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        var again = await stage.Engine.EraseAsync(Customer1, CancellationToken.None);
        Assert.Equal((first.Counts, first.Mark.At, first.Hash), (again.Counts, again.Mark.At, again.Hash));

        await stage.Engine.ParkAsync(Parked(stage, "parked", """{"customer":{"id":"customer-1"}}"""), CancellationToken.None);
        Assert.Equal(first.Counts with { Parked = 1 }, (await stage.Engine.EraseAsync(Customer1, CancellationToken.None)).Counts);

        // A link that the company makes is a new beginning.
        await stage.Engine.AddLinkAsync(Customer1, stage.Link("link-2"), CancellationToken.None);
        Assert.Equal(ConnectionStatus.Invited, (await stage.FindAsync(Customer1)).Status);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        Assert.True((await stage.NumberAsync(Customer1)).Adopted);
    }

    private static (string Body, string? Left) Kept(string body) => (body, body);

    private static bool Alike(Erasure? one, Erasure? other) =>
        one is not null && other is not null && one with { Mark = other.Mark } == other && one.Mark.At == other.Mark.At
        && one.Mark.Numbers.SequenceEqual(other.Mark.Numbers) && one.Mark.Deliveries.SequenceEqual(other.Mark.Deliveries);

    private static ParkedDelivery Parked(Stage stage, string id, string body, bool isBatch = false) => new()
    {
        Id = id,
        ProjectId = Project,
        Reason = ParkedReason.TooManyNumbers,
        ReceivedAt = stage.Now,
        Batch = isBatch,
        Body = Encoding.UTF8.GetBytes(body),
    };
}
