using System.Text;

namespace Kapso.Tests.Web;

/// <summary>Hostile bodies with valid signatures: kept or counted, never an error of ours.</summary>
public sealed class HostileBodyTests
{
    public static TheoryData<string> Bodies =>
    [
        "", " ", "null", "true", "0", "\"text\"", "{", "}", "[[]]", "{\"a\":", "\0", "{}\0", "﻿", "﻿{}",
        new string('[', 10_000), new string('[', 500_000) + new string(']', 500_000),
        "{\"phone_number_id\":1e400}", "{\"phone_number_id\":123456789012345.0}", "{\"phone_number_id\":null}",
        "{\"phone_number_id\":\"\\ud800\"}", "{\"\\ud800\":1,\"phone_number_id\":\"1\"}", "{\"phone_number_id\":\"a\\u0000b\",\"customer\":{\"id\":\"c\"}}",
        "{\"phone_number_id\":\"1\",\"phone_number_id\":\"2\",\"customer\":{\"id\":\"c\"}}",
        "{\"phone_number_id\":\"1\",\"customer\":{\"id\":\"\\n\"}}", "{\"phone_number_id\":\"1\",\"customer\":{\"id\":{}}}",
        "{\"phone_number_id\":\"1\",\"customer\":[]}", "{\"phone_number_id\":\"1\",\"customer\":{\"id\":\"../../..\"}}",
        "{\"phone_number_id\":\"" + new string('9', 100_000) + "\",\"customer\":{\"id\":\"c\"}}",
        "{\"batch\":true,\"data\":[]}", "{\"batch\":true,\"data\":[null,1,\"a\",{},[]]}", "{\"batch\":true,\"data\":{}}",
        "{\"batch\":true,\"data\":[" + string.Join(',', Enumerable.Repeat("{\"phone_number_id\":\"1\"}", 5_000)) + "]}",
        "{\"test\":\"true\"}", "{\"event\":5,\"data\":null}", "{\"project\":{\"id\":5}}", "{\"whatsapp_config\":[],\"customer\":null}",
        "{\"occurred_at\":\"9999-99-99\",\"phone_number_id\":\"1\",\"customer\":{\"id\":\"c\"}}",
    ];

    [Theory]
    [MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public async Task A_hostile_body_with_a_valid_signature_is_answered_200(string body)
    {
        await using var host = await WebHost.StartAsync();

        foreach (var @event in (string?[])[WebHost.Created, "whatsapp.phone_number.deleted", "whatsapp.config.created", "else", "", null])
            await SendAsync(host, Encoding.UTF8.GetBytes(body), @event);
    }

    [Fact]
    public async Task Random_bytes_with_a_valid_signature_are_answered_200()
    {
        await using var host = await WebHost.StartAsync();
        var random = new Random(20261124);
        for (var i = 0; i < 500; i++)
        {
            var body = Encoding.UTF8.GetBytes(WebHost.FlatBody());
            for (var flips = random.Next(1, 8); flips > 0; flips--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            await SendAsync(host, body, WebHost.Created);
        }
    }

    private static async Task SendAsync(WebHost host, byte[] body, string? @event)
    {
        using var response = await host.SendWebhookAsync(body, @event);
        Assert.True((int)response.StatusCode == 200, $"{(int)response.StatusCode} for {Convert.ToHexString(body[..Math.Min(200, body.Length)])}");
    }
}
