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
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw*")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw plain")]
    public void Anything_else_is_refused(string? setting) =>
        Assert.False(StandardWebhookSecret.TryParse(setting, out _));

    private static string Secret(int bytes) =>
        "whsec_" + Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes("seed")).Concat(new byte[64]).Take(bytes).ToArray());
}
