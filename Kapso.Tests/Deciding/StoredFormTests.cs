using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Kapso.Connections.Storage;

namespace Kapso.Tests.Deciding;

public sealed class StoredFormTests
{
    private static Connection Rich()
    {
        var policy = Given.WithKey;
        var connection = Decisions.AddLink(
            Connection.Empty(Given.Key),
            new SetupLink { Id = "link-1", State = "0123456789abcdef0123456789abcdef", CreatedAt = Given.Noon, ReturnUrl = "https://example.org/x" },
            policy, Given.Noon).Connection;
        var redirect = Given.Observation(ObservationKind.RedirectSucceeded, Given.Noon) with
        {
            State = "0123456789abcdef0123456789abcdef",
            SetupLinkId = "770e8400-e29b-41d4-a716-446655440002",
            Details = new NumberDetails { DisplayPhoneNumber = "+15551234567", BusinessAccountId = "123" },
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
        connection = connection.After(redirect, policy).Connection;
        connection = connection.After(
            Given.Observation(ObservationKind.Created, Given.Noon.AddSeconds(1)) with { DeliveryId = "11111111-2222-3333-4444-555555555555", PreviousOwner = "other" },
            policy).Connection;
        return connection.Claimed(Given.Noon.AddSeconds(1), policy).Connection;
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var connection = Rich();
        var read = ConnectionJson.Read(ConnectionJson.Write(connection));
        Assert.Equal(JsonSerializer.Serialize(connection), JsonSerializer.Serialize(read));
    }

    [Fact]
    public void Times_are_the_same_before_a_connection_was_stored_and_after()
    {
        var (fraction, policy) = (TimeSpan.FromTicks(1_234_567), Given.WithKey);
        var connection = Decisions.AddLink(
            Connection.Empty(Given.Key), new SetupLink { Id = "link", State = "state", CreatedAt = Given.Noon + fraction }, policy, Given.Noon + fraction).Connection;
        foreach (var kind in (ObservationKind[])[ObservationKind.RedirectSucceeded, ObservationKind.Created, ObservationKind.ApiAbsent, ObservationKind.Gone, ObservationKind.ApiConnected])
        {
            var observation = Given.Observation(kind, Given.Noon.AddHours(connection.Timeline.Length) + fraction) with
            {
                OccurredAt = Given.Noon + fraction,
                PreviousOwner = "other",
                State = "state",
            };
            connection = connection.After(observation, policy).Connection;
            AssertKept(connection);
        }

        var (claimed, effects) = connection.Claimed(Given.Noon.AddDays(1) + fraction, policy);
        AssertKept(claimed);
        foreach (var effect in effects)
        {
            claimed = Decisions.Settle(
                claimed, effect.Effect.Id, 1, EffectResult.Retry("busy", fraction), policy, Given.Noon.AddDays(1) + fraction).Connection;
            AssertKept(claimed);
        }

        var note = new TimelineEntry { At = Given.Noon + fraction, Source = Source.Operator, Event = "note", Outcome = Outcome.Noted };
        AssertKept(Decisions.Note(Decisions.Note(claimed, note), note with { At = note.At + fraction }));
    }

    private static void AssertKept(Connection connection) =>
        Assert.Equal(JsonSerializer.Serialize(connection), JsonSerializer.Serialize(ConnectionJson.Read(ConnectionJson.Write(connection))));

    [Fact]
    public void What_crosses_the_engines_interface_round_trips()
    {
        var text = JsonSerializer.Serialize(Rich());
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize<Connection>(text)));
    }

    [Fact]
    public void The_stored_form_is_the_one_that_earlier_versions_wrote()
    {
        // Written by version 1. A change that breaks this breaks every store there is: write a migration instead.
        const string Stored =
            """
            {"v":1,"k":{"p":"990e8400-e29b-41d4-a716-446655440004","c":"880e8400-e29b-41d4-a716-446655440003"},"q":1,"c":1,
            "nu":[{"i":"123456789012345","s":1,"un":true,"so":1,"ca":1772366400000,"pa":1772366400000,"pv":1,
            "w":{"i":"wel_5d2a","s":1,"n":1}}],
            "sl":[{"i":"link-1","p":"770e","st":"0123","s":2,"f":["unknown"],"at":1772366400000,"u":1772366401000,"r":"https://example.org/x"}],
            "ob":[{"i":"wel_5d2a","k":1,"s":1,"n":1,"at":1772366400000,"du":1772366400000,"l":{"h":"h","u":1772366460000},"p":"123456789012345"}],
            "tl":[{"at":1772366400000,"la":1772366401000,"n":2,"so":0,"ev":"whatsapp.phone_number.created","o":2,"id":"x","p":"123456789012345","pr":true}]}
            """;
        var connection = ConnectionJson.Read(Encoding.UTF8.GetBytes(Stored));

        Assert.Equal(Given.Key, connection.Key);
        Assert.Equal(ConnectionStatus.Connected, connection.Status);
        Assert.Equal(EffectStatus.InFlight, connection.TheNumber().Welcome!.Status);
        Assert.Equal(new Lease("h", Given.Noon.AddMinutes(1)), connection.Outbox[0].Lease);
        Assert.Equal(Given.Noon.AddMinutes(1), connection.WakeAt);
        Assert.Equal((3, Outcome.Duplicate), (connection.Timeline[0].Count, connection.Timeline[0].Outcome));
        Assert.Equal(Stored.ReplaceLineEndings(""), Encoding.UTF8.GetString(ConnectionJson.Write(connection)));
    }

    [Fact]
    public void Every_member_is_read_and_written_again()
    {
        var full = Sample(typeof(Connection))!.AsObject();
        full["v"] = Connection.CurrentVersion;

        var written = JsonNode.Parse(ConnectionJson.Write(ConnectionJson.Read(JsonSerializer.SerializeToUtf8Bytes(full))));

        Assert.True(JsonNode.DeepEquals(full, written), $"{full.ToJsonString()} was written, and then {written!.ToJsonString()}.");
    }

    /// <summary>A value that is not the default one, in all its members.</summary>
    private static JsonNode? Sample(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type == typeof(BearerSecret))
            return "\"<é\U0001F600>";
        if (type == typeof(CustomerTags))
            return new JsonArray("\"<é\U0001F600>:\"<é\U0001F600>:");
        if (type == typeof(bool))
            return true;
        if (type == typeof(DateTimeOffset))
            return 1_772_366_400_123;
        if (type.IsEnum)
            return Convert.ToInt32(Enum.GetValuesAsUnderlyingType(type).Cast<object>().Last(), System.Globalization.CultureInfo.InvariantCulture);
        if (type == typeof(int) || type == typeof(long))
            return 7;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return new JsonArray(Sample(type.GetGenericArguments()[0]));

        var info = StoredConnectionContext.Default.GetTypeInfo(type)!;
        Assert.Equal(JsonTypeInfoKind.Object, info.Kind);
        return new JsonObject(info.Properties.Where(member => member.Get is not null)
            .Select(member => KeyValuePair.Create(member.Name, Sample(member.PropertyType))));
    }

    [Fact]
    public void A_links_colours_have_a_form_of_their_own_in_the_store()
    {
        const string Stored =
            """
            {"v":1,"k":{"p":"p","c":"c"},"nu":[],
            "sl":[{"i":"link-1","st":"0123","f":[],"at":1772366400000,"th":{"b":"#101820","c":"#1c2833","t":"#f4f6f7","a":"#f5b041"}}],
            "ob":[],"tl":[]}
            """;
        var connection = ConnectionJson.Read(Encoding.UTF8.GetBytes(Stored));
        Assert.Equal(
            new LinkTheme { Page = "#101820", Card = "#1c2833", Text = "#f4f6f7", Accent = "#f5b041" }, connection.SetupLinks[0].Theme);
        Assert.Equal(Stored.ReplaceLineEndings(""), Encoding.UTF8.GetString(ConnectionJson.Write(connection)));
    }

    [Fact]
    public void A_record_of_a_newer_version_is_refused_with_what_to_do()
    {
        var newer = Encoding.UTF8.GetBytes($"{{\"v\":{Connection.CurrentVersion + 1},\"k\":{{\"p\":\"p\",\"c\":\"c\"}}}}");
        var exception = Assert.Throws<JsonException>(() => ConnectionJson.Read(newer));
        Assert.Contains("newer version", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_the_stored_enums_never_change()
    {
        Assert.Equal("Hinted,Connected,Gone,Refused", string.Join(',', Enum.GetNames<NumberStatus>()));
        Assert.Equal("Pending,InFlight,Done,Held,Dead", string.Join(',', Enum.GetNames<EffectStatus>()));
        Assert.Equal("Confirm,Welcome,Notify,Release", string.Join(',', Enum.GetNames<EffectKind>()));
        Assert.Equal("Connected,Gone,SetupFailed,Attention,ReconnectLink", string.Join(',', Enum.GetNames<NotifyType>()));
        Assert.Equal("Live,Completed,Failed,Expired,Revoked,Intended", string.Join(',', Enum.GetNames<SetupLinkStatus>()));
        Assert.Equal("Webhook,Redirect,Api,Operator,Service", string.Join(',', Enum.GetNames<Source>()));
        Assert.Equal("Applied,Adopted,Duplicate,Stale,Noted,Full", string.Join(',', Enum.GetNames<Outcome>()));
    }
}
