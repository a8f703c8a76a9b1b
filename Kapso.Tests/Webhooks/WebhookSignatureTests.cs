using Kapso.Connections.Webhooks;

namespace Kapso.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    public static TheoryData<string> Vectors => [.. SignatureVector.All.Keys];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_signature_is_judged_as_the_golden_vector_says(string name)
    {
        var vector = SignatureVector.All[name];

        Assert.Equal(vector.Valid, WebhookSignature.Verify(vector.Body(), vector.Signature, vector.Prepared()));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_signature_is_judged_without_allocating(string name)
    {
        var vector = SignatureVector.All[name];
        var body = vector.Body();
        var secrets = vector.Prepared();
        WebhookSignature.Verify(body, vector.Signature, secrets);

        var before = GC.GetAllocatedBytesForCurrentThread();
        WebhookSignature.Verify(body, vector.Signature, secrets);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Every_bit_of_the_body_is_covered()
    {
        var vector = SignatureVector.All["platform, flat body"];
        var body = vector.Body();
        var secrets = vector.Prepared();
        for (var bit = 0; bit < body.Length * 8; bit++)
        {
            body[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(WebhookSignature.Verify(body, vector.Signature, secrets), $"bit {bit}");
            body[bit / 8] ^= (byte)(1 << bit % 8);
        }

        Assert.True(WebhookSignature.Verify(body, vector.Signature, secrets));
    }

    [Theory]
    [InlineData(" blanks around ")]
    [InlineData("\tblanks around")]
    [InlineData("blanks around  \r\n")]
    [InlineData("\"blanks around\"")]
    [InlineData("' blanks around'\n")]
    public void Blanks_and_quotation_marks_around_a_secret_may_be_the_platforms_or_a_slip(string configured)
    {
        var secrets = WebhookSecrets.Create([configured]);
        foreach (var secret in (string[])["blanks around", configured.TrimEnd('\r', '\n')])
        {
            var signature = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret), "body"u8));
            Assert.True(WebhookSignature.Verify("body"u8, signature, secrets));
        }

        var other = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("blanksaround"u8, "body"u8));
        Assert.False(WebhookSignature.Verify("body"u8, other, secrets));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n\r\n")]
    public void A_secret_that_cannot_be_one_is_refused_by_its_index(string secret)
    {
        var refused = Assert.Throws<ArgumentException>(() => WebhookSecrets.Create(["good", secret]));

        Assert.Contains("1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_that_has_no_UTF_8_is_refused_without_being_quoted()
    {
        var refused = Assert.Throws<ArgumentException>(() => WebhookSecrets.Create(["hidden\ud800"]));

        Assert.DoesNotContain("hidden", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_secret_ever_shows_in_text()
    {
        var secrets = WebhookSecrets.Create(["hidden-one", "hidden-two"]);

        Assert.Equal(2, secrets.Count);
        Assert.DoesNotContain("hidden", secrets.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, WebhookSecrets.None.Count);
    }
}
