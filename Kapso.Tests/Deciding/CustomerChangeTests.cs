using System.Text.Json;
using Kapso.Connections.Storage;

namespace Kapso.Tests.Deciding;

/// <summary>What the company calls and marks a customer with.</summary>
public sealed class CustomerChangeTests
{
    private static readonly Connection Known = Connection.Empty(Given.Key).After(
        Given.Observation(ObservationKind.Created, Given.Noon) with { Customer = new CustomerNames("told-id", "Told") }, Given.WithoutKey).Connection;

    private static CustomerChange Tags(params (string Key, string? Value)[] tags) =>
        new() { Tags = tags.ToDictionary(tag => tag.Key, tag => tag.Value) };

    private static Decision Change(Connection connection, CustomerChange change) =>
        Decisions.ChangeCustomer(connection, change, Given.Noon.AddMinutes(1), "operator-1");

    [Fact]
    public void The_companys_word_stands_above_the_platforms_until_it_is_taken_back()
    {
        var given = Change(Known, new CustomerChange { OwnId = new GivenText("mine"), Name = new GivenText("Mine") }).Connection;
        Assert.Equal(new CustomerNames("mine", "Mine"), given.Names);

        var told = given.After(
            Given.Observation(ObservationKind.Named, Given.Noon.AddHours(1), null) with { Customer = new CustomerNames("newer-id", "Newer") }, Given.WithoutKey).Connection;
        Assert.Equal(new CustomerNames("mine", "Mine"), told.Names);

        var half = Change(told, new CustomerChange { Name = new GivenText(null) }).Connection;
        Assert.Equal(new CustomerNames("mine", "Newer"), half.Names);
        Assert.Equal(new CustomerNames("newer-id", "Newer"), Change(half, new CustomerChange { OwnId = new GivenText(null) }).Connection.Names);
    }

    [Fact]
    public void Tags_are_set_replaced_and_taken_away_by_their_keys()
    {
        var first = Change(Known, Tags(("region", "eu"), ("plan", "free"))).Connection;
        Assert.Equal(["plan:free", "region:eu"], first.Tags!.All);

        var second = Change(first, Tags(("plan", "pro:2"), ("region", null), ("tier", "a b"))).Connection;
        Assert.Equal(["plan:pro:2", "tier:a b"], second.Tags!.All);
        Assert.Equal(["tier:c"], Change(second, Tags(("tier", "c")) with { ReplacesTags = true }).Connection.Tags!.All);
        Assert.Null(Change(second, new CustomerChange { ReplacesTags = true }).Connection.Tags);
    }

    [Fact]
    public void A_repeat_changes_nothing_and_is_not_in_the_timeline()
    {
        var change = Tags(("plan", "pro")) with { Name = new GivenText("Mine") };
        var once = Change(Known, change);
        Assert.Equal(Outcome.Applied, once.Outcome);
        var line = once.Connection.Timeline[^1];
        Assert.Equal((Decisions.CustomerChanged, "Changed: name, tags.", "operator-1"), (line.Event, line.Detail, line.By));

        var again = Change(once.Connection, change);
        Assert.Equal(Outcome.Duplicate, again.Outcome);
        Assert.Same(once.Connection, again.Connection);
    }

    [Fact]
    public void More_tags_than_are_kept_change_nothing()
    {
        var full = Change(Known, Tags([.. Enumerable.Range(0, CustomerTags.MaxCount).Select(i => ($"k{i}", (string?)"v"))])).Connection;

        var over = Change(full, Tags(("one", "more")));
        Assert.Equal(Outcome.Full, over.Outcome);
        Assert.Same(full, over.Connection);
        Assert.Equal(Outcome.Applied, Change(full, Tags(("one", "more"), ("k0", null))).Outcome);
        Assert.Equal(Outcome.Applied, Change(full, Tags(("k0", "other"))).Outcome);
    }

    [Theory]
    [InlineData("plan:pro", true)]
    [InlineData("plan:a:b", true)]
    [InlineData("ключ:значение 😀", true)]
    [InlineData("plan:", false)]
    [InlineData(":pro", false)]
    [InlineData("plan", false)]
    [InlineData("plan: pro", false)]
    [InlineData("plan:pro\n", false)]
    [InlineData("pl\0n:pro", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_tag_is_a_key_a_colon_and_a_value(string? text, bool isTag) => Assert.Equal(isTag, CustomerTags.TryParse(text, out _, out _));

    [Fact]
    public void Keys_and_values_are_bounded()
    {
        Assert.True(CustomerTags.TryParse(new string('k', CustomerTags.MaxKey) + ":" + new string('v', CustomerTags.MaxValue), out _, out _));
        Assert.False(CustomerTags.TryParse(new string('k', CustomerTags.MaxKey + 1) + ":v", out _, out _));
        Assert.False(CustomerTags.TryParse("k:" + new string('v', CustomerTags.MaxValue + 1), out _, out _));
    }

    [Fact]
    public void A_notify_tells_the_tags_of_its_decision_and_a_welcome_those_of_its_claim()
    {
        var connection = Change(Connection.Empty(Given.Key), Tags(("plan", "free"))).Connection
            .After(Given.Observation(ObservationKind.Created, Given.Noon), Given.WithoutKey).Connection;
        var (_, claimed) = Change(connection, Tags(("plan", "pro"))).Connection.Claimed(Given.Noon.AddMinutes(2), Given.WithoutKey);

        Assert.Equal(["plan:free"], claimed.Single(one => one.Effect.Kind == EffectKind.Notify).Customer!.Tags!.All);
        Assert.Equal(["plan:pro"], claimed.Single(one => one.Effect.Kind == EffectKind.Welcome).Customer!.Tags!.All);
    }

    [Fact]
    public void What_is_given_is_stored_and_read_and_takes_no_room_where_nothing_is()
    {
        var given = Change(Known, Tags(("plan", "pro"), ("a", "b")) with { OwnId = new GivenText("mine") }).Connection;
        var stored = ConnectionJson.Write(given);
        var read = ConnectionJson.Read(stored);
        Assert.Equal((given.Names, given.Tags), (read.Names, read.Tags));
        Assert.Equal(stored, ConnectionJson.Write(read));

        foreach (var member in (string[])["gi", "gn", "tg"])
            Assert.False(JsonDocument.Parse(ConnectionJson.Write(Known)).RootElement.TryGetProperty(member, out _));
    }

    [Theory]
    [InlineData("\"plan:pro\"")]
    [InlineData("[\"plan\"]")]
    [InlineData("[1]")]
    [InlineData("[[\"plan:pro\"]]")]
    public void Stored_tags_that_are_none_are_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CustomerTags>(json));
}
