namespace Kapso.Tests.Values;

/// <summary>Phones as people of any script write them.</summary>
public sealed class PhoneTextTests
{
    [Theory]
    [InlineData("+5564998760001")]
    [InlineData("+55 64 99876-0001")]
    [InlineData("+٥٥ ٦٤ ٩٩٨٧٦-٠٠٠١")]
    [InlineData("+५५ ६४ ९९८७६ ०००१")]
    [InlineData("＋５５（64）99876‑0001", false)]
    [InlineData("＋５５ 64 99876‑0001")]
    [InlineData("\u202A+55 64 99876.0001\u202C")]
    [InlineData("+55\u00A064\u00A099876/0001")]
    public void A_contact_phone_is_taken_in_any_script_and_with_any_marks(string written, bool isPhone = true)
    {
        Assert.Equal(isPhone, ContactPhones.TryNormalize(written, out var phone));
        Assert.Equal(isPhone ? "+5564998760001" : null, phone);
    }

    [Theory]
    [InlineData("5564998760001")]
    [InlineData("55+64998760001")]
    [InlineData("++5564998760001")]
    [InlineData("+5564998760001x")]
    [InlineData("+٠٥٦٤٩٩٨٧٦٠٠٠١")]
    [InlineData("+٥٥")]
    [InlineData("+")]
    [InlineData("")]
    [InlineData("+55\uD83564998760001")]
    public void What_names_no_country_or_is_no_phone_is_not_guessed_at(string written) => Assert.False(ContactPhones.TryNormalize(written, out _));

    [Fact]
    public void Spellings_are_the_same_in_every_script()
    {
        Assert.True(PhoneSpellings.AreSame("+٥٥ ٦٤ ٩٩٨٧٦-٠٠٠١", "556498760001"));
        Assert.False(PhoneSpellings.AreSame("+٥٥ ٦٤ ٩٩٨٧٦-٠٠٠٢", "556498760001"));
    }
}
