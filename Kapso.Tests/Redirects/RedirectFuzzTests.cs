using Kapso.Connections.Redirects;

namespace Kapso.Tests.Redirects;

/// <summary>Random queries. <c>KAPSO_SEED</c> repeats a run.</summary>
public sealed class RedirectFuzzTests
{
    private const int Runs = 10_000;

    private static readonly string[] Names =
    [
        "setup_link_id", "phone_number_id", "business_account_id", "display_phone_number", "whatsapp_config_id",
        "provisioned_phone_number_id", "status", "error_code", "", "\0", "phone_number_id[]",
    ];

    private static readonly string?[] Values =
    [
        null, "", " ", "+", "+15551234567", " 15551234567", "123456789012345", "completed", "link_expired", "\ud800", "\udc00x",
        "a\0b", "../../etc", "<script>alert(1)</script>", "' OR 1=1 --", "%2B1555", "\u202e123", "１２３", "\r\nSet-Cookie: a=b",
    ];

    [Fact]
    public void Every_random_query_gives_observations_that_can_be_kept()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("KAPSO_SEED"), out var given) ? given : Random.Shared.Next();
        var random = new Random(seed);
        for (var run = 0; run < Runs; run++)
        {
            try
            {
                AssertSound(RedirectReader.Read(Query(random)));
            }
            catch (Exception exception)
            {
                Assert.Fail($"KAPSO_SEED={seed}, run {run}: {exception}");
            }
        }
    }

    private static void AssertSound(RedirectParameters parameters)
    {
        var success = parameters.ToSuccess(DateTimeOffset.UnixEpoch);
        var failure = parameters.ToFailure(DateTimeOffset.UnixEpoch);
        Assert.True(success.PhoneNumberId is null || success.PhoneNumberId.All(char.IsAsciiDigit) && success.PhoneNumberId.Length <= 32);
        Assert.True(success.SetupLinkId is null || BoundedId.IsValid(success.SetupLinkId));
        Assert.True(success.Details?.BusinessAccountId is null || BoundedId.IsValid(success.Details.BusinessAccountId));
        Assert.Matches(@"\A(\+[1-9][0-9]{6,14})?\z", parameters.DisplayPhoneNumber ?? "");
        Assert.Equal(failure.ErrorCode, SetupErrorCodes.Normalize(failure.ErrorCode));
        Assert.Null(failure.PhoneNumberId);
    }

    private static KeyValuePair<string, string?[]>[] Query(Random random)
    {
        var query = new KeyValuePair<string, string?[]>[random.Next(12)];
        for (var i = 0; i < query.Length; i++)
        {
            var values = new string?[random.Next(4)];
            for (var j = 0; j < values.Length; j++)
                values[j] = random.Next(3) > 0 ? Values[random.Next(Values.Length)] : Noise(random);
            query[i] = KeyValuePair.Create(random.Next(5) > 0 ? Names[random.Next(Names.Length)] : Noise(random), values);
        }

        return query;
    }

    private static string Noise(Random random)
    {
        var noise = new char[random.Next(200)];
        for (var i = 0; i < noise.Length; i++)
            noise[i] = random.Next(2) == 0 ? (char)random.Next(0x30, 0x3a) : (char)random.Next(char.MaxValue + 1);
        return new string(noise);
    }
}
