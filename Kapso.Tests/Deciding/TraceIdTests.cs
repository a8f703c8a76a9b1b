using System.Text.Json;
using Kapso.Connections.Storage;

namespace Kapso.Tests.Deciding;

/// <summary>What the timeline keeps of traces.</summary>
public sealed class TraceIdTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Recorded = $"00-{TraceId}-b7ad6b7169203331-01";

    [Fact]
    public void A_line_of_a_delivery_and_of_its_effect_names_the_trace_that_is_recorded()
    {
        var connection = After(Recorded);
        Assert.Equal(TraceId, connection.Timeline[0].TraceId);

        var (claimed, effects) = connection.Claimed(Given.Noon, Given.WithKey);
        var welcome = effects.Single(effect => effect.Effect.Kind == EffectKind.Welcome).Effect;
        var settled = Decisions.Settle(claimed, welcome.Id, welcome.Attempt, EffectResult.Done, Given.WithKey, Given.Noon).Connection;
        Assert.Equal(TraceId, settled.Timeline.Single(line => line.Event == "welcome.done").TraceId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData($"00-{TraceId}-b7ad6b7169203331-00")]
    [InlineData($"00-{TraceId}-b7ad6b7169203331-02")]
    [InlineData($"00-{TraceId}")]
    [InlineData("00-<b>7651916cd43dd8448eb211c80319c</b>-b7ad6b7169203331-01")]
    public void A_trace_that_nobody_records_takes_no_room(string? traceParent) => Assert.Null(After(traceParent).Timeline[0].TraceId);

    [Fact]
    public void A_repeat_leaves_the_trace_of_the_first()
    {
        var connection = After(Recorded);
        foreach (var trace in (string[])["1af7651916cd43dd8448eb211c80319c", "2af7651916cd43dd8448eb211c80319c"])
            connection = connection.After(News($"00-{trace}-b7ad6b7169203331-01"), Given.WithKey).Connection;

        var repeated = Assert.Single(connection.Timeline, line => line.Outcome == Outcome.Duplicate);
        Assert.Equal((2, "1af7651916cd43dd8448eb211c80319c"), (repeated.Count, repeated.TraceId));
    }

    [Fact]
    public void The_stored_form_has_it_where_there_is_one()
    {
        Assert.Contains($",\"t\":\"{TraceId}\"", LineOf(After(Recorded)), StringComparison.Ordinal);
        Assert.DoesNotContain("\"t\"", LineOf(After(null)), StringComparison.Ordinal);
        Assert.Equal(TraceId, ConnectionJson.Read(ConnectionJson.Write(After(Recorded))).Timeline[0].TraceId);
    }

    private static string LineOf(Connection connection) =>
        JsonElement.Parse(ConnectionJson.Write(connection)).GetProperty("tl")[0].GetRawText();

    private static Connection After(string? traceParent) => Connection.Empty(Given.Key).After(News(traceParent), Given.WithKey).Connection;

    private static Observation News(string? traceParent) =>
        Given.Observation(ObservationKind.Created, Given.Noon) with { TraceParent = traceParent };
}
