using System.Text;
using Kapso.Connections.Webhooks;

namespace Kapso.Tests.Webhooks;

/// <summary>Random mutations of valid bodies. <c>KAPSO_SEED</c> repeats a run.</summary>
public sealed class WebhookFuzzTests
{
    private const int Runs = 20_000;

    private static readonly string[] Seeds =
    [
        Bodies.Flat, Bodies.Envelope, Bodies.Batch, Bodies.BatchOfEnvelopes, Bodies.V1, Bodies.Offboarded, $"[{Bodies.Flat}]",
        Bodies.Restricted,
    ];

    private static readonly string[] Pieces =
    [
        "\\ud800", "\\u0000", "\0", "\"", "{", "}", "[", "]", ",", ":", "null", "true", "1e400", "-0", "\\", "\u2028", "🔑",
        "\"data\":", "\"data\":[", "\"event\":\"whatsapp.phone_number.deleted\",", "\"test\":true,", "\"customer\":null,",
        "\"phone_number_id\":", "\"\\u0069d\":", "[[[[[[[[", "{\"data\":", "\uFEFF",
    ];

    private static readonly string?[] Headers =
        [WebhookEvents.Created, WebhookEvents.Offboarded, WebhookEvents.ConfigCreated, WebhookEvents.AccountRestricted, "project.event", null, "", "\0", new('e', 200)];

    [Fact]
    public void Every_mutation_of_a_valid_body_gives_a_sound_reading()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("KAPSO_SEED"), out var given) ? given : Random.Shared.Next();
        var random = new Random(seed);
        for (var run = 0; run < Runs; run++)
        {
            var body = Mutate(Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]), random);
            var header = Headers[random.Next(Headers.Length)];
            var batch = random.Next(4) == 0;
            try
            {
                AssertSound(Bodies.Read(body, header, batch));
            }
            catch (Exception exception)
            {
                Assert.Fail(
                    $"KAPSO_SEED={seed}, run {run}, header '{header}', batch {batch}, body {Convert.ToHexString(body)}: {exception}");
            }
        }
    }

    private static void AssertSound(WebhookReading reading)
    {
        switch (reading)
        {
            case WebhookReading.Observations { Items: var items }:
                Assert.InRange(items.Count, 1, WebhookReader.MaxBatch);
                Assert.All(items, item =>
                {
                    Assert.True(item.CustomerId is null || BoundedId.IsValid(item.CustomerId));
                    Assert.True(BoundedId.IsValid(item.Observation.PhoneNumberId));
                    Assert.True(WebhookEvents.IsOurs(item.Observation.Event));
                    Assert.True(item.Observation.SetupLinkId is null || BoundedId.IsValid(item.Observation.SetupLinkId));
                });
                break;
            case WebhookReading.NotOurs { EventName: var name }:
                Assert.True(BoundedId.IsValid(name));
                Assert.False(WebhookEvents.IsOurs(name));
                break;
            case WebhookReading.Park { Detail: var detail }:
                Assert.InRange(detail.Length, 1, 512);
                break;
            default:
                Assert.IsType<WebhookReading.Test>(reading);
                break;
        }
    }

    private static byte[] Mutate(byte[] body, Random random)
    {
        var bytes = body.ToList();
        for (var change = random.Next(4); change >= 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 30), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                case 4:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
