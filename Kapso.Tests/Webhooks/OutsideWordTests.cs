using Kapso.Connections.Webhooks;
using Kapso.Tests.Web;

namespace Kapso.Tests.Webhooks;

/// <summary>Texts from outside, on their way to pages, logs, answers and receivers: short, plain and whole.</summary>
public sealed class OutsideWordTests
{
    private static readonly string[] Hostile =
    [
        "a\\u202Eb", "a\\u2066b", "a\\u0000\\r\\nb", "a\\ud83d", "\\udc00a", new string('x', 10_000), string.Concat(Enumerable.Repeat("\\ud83d\\ude00", 5_000)),
    ];

    public static TheoryData<string> Words => [.. Hostile];

    [Theory]
    [MemberData(nameof(Words))]
    public void A_word_never_keeps_an_event_from_being_read(string word)
    {
        var observation = Read($$"""
            {"phone_number_id":"1","display_phone_number":"{{word}}","connection_type":"{{word}}","customer":{"id":"c","name":"{{word}}","external_id":"own"},
             "disconnection":{"reason":"{{word}}","initiated_by":"{{word}}"},"source":{"event":"{{word}}"},"project":{"id":"{{WebHost.Project}}"} }
            """);

        Assert.Equal(("1", "own"), (observation.PhoneNumberId, observation.Customer?.OwnId));
        AssertPlain(observation.Disconnection?.Reason, Disconnection.MaxText);
        AssertPlain(observation.Disconnection?.InitiatedBy, Disconnection.MaxText);
        AssertPlain(observation.Customer?.Name, PlainName.MaxLength);
        if (observation.Details?.DisplayPhoneNumber is { } display)
            AssertPlain(display, 64);
    }

    [Theory]
    [MemberData(nameof(Words))]
    public async Task A_reason_is_plain_in_answers_and_on_pages(string word)
    {
        await using var host = await WebHost.StartAsync();
        await host.ConnectAsync();
        var body = $$"""
            {"phone_number_id":"{{WebHost.Number}}","customer":{"id":"{{WebHost.Customer}}"},"project":{"id":"{{WebHost.Project}}"},"disconnection":{"reason":"{{word}}"} }
            """;
        (await host.SendWebhookAsync(body, "whatsapp.phone_number.disconnected", "key-2")).Dispose();

        var connection = await host.ReadAsync(WebHost.ApiOfCustomer + "/connection");
        AssertPlain(connection.GetProperty("numbers")[0].GetProperty("disconnection").GetProperty("reason").GetString(), Disconnection.MaxText);
        foreach (var line in connection.GetProperty("timeline").EnumerateArray())
            Assert.All(line.GetProperty("detail").GetString() ?? "", c => Assert.False(char.IsControl(c) || c is '\u202E' or '\u2066'));
    }

    [Fact]
    public void An_id_that_holds_half_a_character_is_no_id() =>
        Assert.IsType<WebhookReading.Park>(ReadBody("""{"phone_number_id":"1","customer":{"id":"c\ud83d"}}"""));

    [Fact]
    public void Halves_are_left_out_and_all_else_stays()
    {
        Assert.Equal("a\u0001\"\\ud83d😀😀é", JsonText.WithoutHalves("""  "a\ud83d\u0001\"\\ud83d\ud83d\ude00😀\udc00\u00e9\uD83D"  """.Trim()));
        Assert.Equal("", JsonText.WithoutHalves("\"\\ud83d\\ud83d\""));
    }

    private static void AssertPlain(string? text, int maxLength)
    {
        Assert.InRange(text?.Length ?? 0, 1, maxLength);
        Assert.Equal(PlainName.Of(text), text);
    }

    private static Observation Read(string body) => Assert.Single(Assert.IsType<WebhookReading.Observations>(ReadBody(body)).Items).Observation;

    private static WebhookReading ReadBody(string body) => Bodies.Read(body, WebhookEvents.Disconnected);
}
