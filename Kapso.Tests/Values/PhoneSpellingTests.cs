namespace Kapso.Tests.Values;

public sealed class PhoneSpellingTests
{
    [Theory]
    [InlineData("+55 11 98765-0001", "551187650001")]
    [InlineData("+55 (64) 99876-0001", "556498760001")]
    [InlineData("5215512345678", "+52 55 1234 5678")]
    [InlineData("+54 9 11 1234-5678", "541112345678")]
    [InlineData("+54 11 15 1234-5678", "5491112345678")]
    [InlineData("+54 9 351 15 123-4567", "543511234567")]
    [InlineData("+54 2954 15 12-3456", "5492954123456")]
    [InlineData("+1 (555) 123-4567", "15551234567")]
    public void Spellings_of_one_phone_are_the_same(string one, string other)
    {
        Assert.True(PhoneSpellings.AreSame(one, other));
        Assert.True(PhoneSpellings.AreSame(other, one));
    }

    [Theory]
    [InlineData("+55 11 93456-7890", "551134567890")] // A landline begins with 2 to 5.
    [InlineData("+55 10 98765-0001", "551087650001")] // No area code.
    [InlineData("+1 555 123-4567", "15551234568")]
    [InlineData("+521 55 1234 567", "52551234567")] // Too short for a mobile number of the country.
    [InlineData("+54 11 1512-3456", "541123456")]
    [InlineData("987650001", "+55 11 98765-0001")]
    public void Other_phones_are_not(string one, string other) => Assert.False(PhoneSpellings.AreSame(one, other));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+1 555")]
    [InlineData("call 15551234567")]
    [InlineData("0155512345678")]
    [InlineData("1234567890123456")]
    public void What_is_no_phone_in_international_form_is_not_even_the_same_as_itself(string? text)
    {
        Assert.False(PhoneSpellings.AreSame(text, text));
        Assert.False(PhoneSpellings.AreAlike(text, text));
    }

    [Theory]
    [InlineData("+2250712345678", "22512345678", true)]
    [InlineData("+55 11 93456-7890", "551134567890", true)]
    [InlineData("+1 555 123-4567", "+44 7551 234567", false)] // Another country.
    [InlineData("+1 555 123-4567", "+1 555 123-4568", false)]
    [InlineData("+380 50 123 4567", "+373 50 123 4567", false)]
    [InlineData("+7 912 345-67-89", "+7 012 345-67-89", true)]
    public void Phones_of_one_country_with_the_same_end_are_alike(string one, string other, bool alike) =>
        Assert.Equal(alike, PhoneSpellings.AreAlike(one, other));
}
