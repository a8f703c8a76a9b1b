namespace Kapso.Tests.Engines;

/// <summary>What a text in the operators' search finds.</summary>
public sealed class SearchTests
{
    private static readonly Connection Maria = Connection.Empty(new CustomerKey("p", "880E8400-cust")) with
    {
        OwnId = new ToldText("Kunde-Ä/42", DateTimeOffset.UnixEpoch),
        Name = new ToldText("Maria  da Silva", DateTimeOffset.UnixEpoch),
        Numbers =
        [
            new Number
            {
                PhoneNumberId = "123456789012345",
                Details = new NumberDetails { DisplayPhoneNumber = "+55 64 99876-0001", Name = "Loja", VerifiedName = "Loja da MARIA" },
            },
        ],
    };

    private static bool Finds(string text, Connection connection)
    {
        var search = new Search(text);
        return search.Matches(connection.Key.CustomerId, connection.Numbers.Select(number => number.PhoneNumberId))
            || search.Matches(SearchWords.Of(connection));
    }

    [Theory]
    [InlineData("maria")]
    [InlineData("MARIA DA S")]
    [InlineData(" maria da silva ")]
    [InlineData("Ｍａｒｉａ")]
    [InlineData("loja da m")]
    [InlineData("LOJA")]
    [InlineData("kunde-ä/4")]
    [InlineData("KUNDE-A\u0308/42")]
    [InlineData("880e8400")]
    [InlineData("880E8400-CUST")]
    [InlineData("1234567890")]
    [InlineData("+55 64 99876-0001")]
    [InlineData("5564998760001")]
    [InlineData("+5564998760001")]
    [InlineData("0055 64 99876 0001")]
    [InlineData("+55 (64) 998")]
    [InlineData("55.64.99876.0001")]
    [InlineData("55\u00A064\u201199876\u201100\u200E01")]
    [InlineData("٥٥٦٤٩٩٨٧٦٠٠٠١")]
    [InlineData("(064) 99876-0001")]
    [InlineData("99876-0001")]
    [InlineData("760001")]
    [InlineData("silva")]
    [InlineData("DA SILVA")]
    [InlineData("da maria")]
    [InlineData("556498760001")]
    [InlineData("+55 64 9876-0001")]
    public void Ids_and_names_by_how_they_begin_and_phones_in_any_spelling(string text) => Assert.True(Finds(text, Maria), text);

    [Theory]
    [InlineData("ilva")]
    [InlineData("aria")]
    [InlineData("42")]
    [InlineData("60001")]
    [InlineData("5565")]
    [InlineData("00")]
    [InlineData("+")]
    [InlineData("\u200F")]
    [InlineData("maria-99876-0001")]
    [InlineData("234567890123")]
    public void Nothing_else(string text) => Assert.False(Finds(text, Maria), text);

    [Theory]
    [InlineData("+55 64 9876-0001", "5564998760001")]
    [InlineData("+52 55 1234 5678", "5215512345678")]
    [InlineData("+52 1 55 1234 5678", "525512345678")]
    [InlineData("+54 9 11 2345-6789", "541123456789")]
    public void A_phone_in_whichever_spelling_it_is_known(string display, string text) => Assert.True(
        Finds(text, Connection.Empty(new CustomerKey("p", "c")) with
        {
            Numbers = [new Number { PhoneNumberId = "1", Details = new NumberDetails { DisplayPhoneNumber = display } }],
        }),
        text);

    [Fact]
    public void A_name_is_found_from_its_first_four_words_on()
    {
        var words = SearchWords.Of(Connection.Empty(new CustomerKey("p", "c")) with
        {
            SetupLinks = [new SetupLink { Id = "1", State = "s", CreatedAt = DateTimeOffset.UnixEpoch }],
            Name = new ToldText("one two three four five", DateTimeOffset.UnixEpoch),
        });

        Assert.Equal(["tfour five", "tone two three four five", "tthree four five", "ttwo three four five"], words);
    }

    [Fact]
    public void A_customer_of_whom_nothing_is_known_has_no_words() =>
        Assert.Empty(SearchWords.Of(Connection.Empty(new CustomerKey("p", "UPPER"))));

    [Fact]
    public void Texts_are_folded_once_and_for_all()
    {
        Assert.Equal(["customer-1", "dž", "straße", "صلى الله عليه وسلم", "a b", "", "x\uFFFD"],
            ((string[])["customer-1", "Ǆ", "STRAßE", "ﷺ", "  A\t\u00A0B\u200B ", "\u202E\0", "X\ud800"]).Select(SearchWords.Fold));
        foreach (var text in (string[])["Kunde-Ä", "ΣΊΣΥΦΟΣ", "İstanbul", "Å", "क्\u200Dष", "ｶﾞ"])
            Assert.Equal(SearchWords.Fold(text), SearchWords.Fold(SearchWords.Fold(text)));
    }
}
