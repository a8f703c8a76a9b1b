using System.Security.Cryptography;
using System.Text;
using Kapso.Platform.Receivers;

namespace Kapso.Tests.Platform;

public sealed class StandardWebhookSecretTests
{
    // The vector that the libraries of Standard Webhooks share.
    private const string Published = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public void The_published_vector_gives_the_published_signature()
    {
        Assert.True(StandardWebhookSecret.TryParse(Published, out var secret));

        var signature = secret.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8);

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Fact]
    public void Every_secret_signs_in_the_order_of_the_setting()
    {
        var other = Secret(32);
        Assert.True(StandardWebhookSecret.TryParse(Published, out var first));
        Assert.True(StandardWebhookSecret.TryParse(other, out var second));
        Assert.True(StandardWebhookSecret.TryParse($"{Published}  {other}", out var both));

        Assert.Equal($"{first.Sign("a", 1, "{}"u8)} {second.Sign("a", 1, "{}"u8)}", both.Sign("a", 1, "{}"u8));
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(23, false)]
    [InlineData(65, false)]
    public void A_secret_has_24_to_64_bytes(int bytes, bool accepted) =>
        Assert.Equal(accepted, StandardWebhookSecret.TryParse(Secret(bytes), out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("whsec_")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw*")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw plain")]
    public void Anything_else_is_refused(string? setting) =>
        Assert.False(StandardWebhookSecret.TryParse(setting, out _));

    [Fact]
    public void A_secret_without_its_prefix_or_its_padding_is_the_same()
    {
        var full = Secret(32);
        Assert.EndsWith("=", full, StringComparison.Ordinal);
        foreach (var bare in (string[])[full.TrimEnd('='), full["whsec_".Length..], full["whsec_".Length..].TrimEnd('=')])
        {
            Assert.True(StandardWebhookSecret.TryParse(bare, out var secret));
            Assert.True(StandardWebhookSecret.TryParse(full, out var same));
            Assert.Equal(same.Sign("a", 1, "{}"u8), secret.Sign("a", 1, "{}"u8));
        }
    }

    /// <summary>What is wrong with a setting, and how it is told.</summary>
    public static TheoryData<string, string> Mistakes => new()
    {
        { "", "is empty." },
        { "whsec_", "has nothing after whsec_." },
        { "whsec_c2hvcnQ=", "is too short: 5 bytes, and at least 24 are needed." },
        { Secret(65), "is too long: 65 bytes, and at most 64 are taken." },
        { "plain", "has no prefix whsec_ and is too short: 3 bytes, and at least 24 are needed." },
        { "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "has its prefix in capitals: write whsec_ in lower case." },
        { "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "is a public key (whpk_), which can sign nothing: set a symmetric secret, whsec_ and base64." },
        { "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "is a key of asymmetric signatures (whsk_), which are not made here: set a symmetric secret, whsec_ and base64." },
        { "sk_live_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "begins with another prefix than whsec_: it is a secret of another kind." },
        { "\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"", "begins with a quotation mark: write it without." },
        { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw*", "is not base64 at its character 39." },
        { "whsec_MfKQ9r8GKY-rTwjUPD8ILPZIo2LaLaSw", "is not base64 at its character 17: base64url has - and _ where base64 has + and /." },
        { "whsec_MfKQ9r8GKYqr=wjUPD8ILPZIo2LaLaSw", "is not base64 at its character 19: = stands at the end only." },
        { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "is not base64 at its character 39: write a blank between several secrets." },
        { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwa", "has a character too many or too few: no base64 has 33." },
        { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw===", "ends with more = than base64 can." },
        { "whsec_MfKQ9r8GKYqrTwjU\nPD8ILPZIo2LaLaSw", "has a line end inside, after its character 22: write it on one line, and a blank between several secrets." },
        { "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "has no prefix whsec_, and can be read as hexadecimal or as base64: put whsec_ before it if your application reads it as base64." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Each_mistake_has_a_sentence_of_its_own(string setting, string mistake)
    {
        Assert.False(StandardWebhookSecret.TryParse(setting, out _, out var mistakes));
        Assert.Equal([mistake], mistakes);
    }

    [Fact]
    public void Of_several_secrets_it_is_said_which()
    {
        Assert.False(StandardWebhookSecret.TryParse($"{Published} whsec_c2hvcnQ= {Published} whpk_x", out _, out var mistakes));

        Assert.Equal(
            [
                "(secret 2 of 4) is too short: 5 bytes, and at least 24 are needed.",
                "(secret 4 of 4) is a public key (whpk_), which can sign nothing: set a symmetric secret, whsec_ and base64.",
            ],
            mistakes);
    }

    private static string Secret(int bytes) =>
        "whsec_" + Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes("seed")).Concat(new byte[64]).Take(bytes).ToArray());
}
