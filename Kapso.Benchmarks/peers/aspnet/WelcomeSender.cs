using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Kapso.Benchmarks.AspNetPeer;

/// <summary>Posts a welcome, signed as Standard Webhooks has it, over connections that are kept.</summary>
internal sealed class WelcomeSender(Uri url, string secret) : IDisposable
{
    /// <summary>How many are sent at a time.</summary>
    public const int Parallelism = 32;

    private const string SecretPrefix = "whsec_";
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly byte[] key =
        Convert.FromBase64String(secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret);

    private readonly HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = Parallelism })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <exception cref="HttpRequestException">It was not answered, or not with success.</exception>
    /// <exception cref="TaskCanceledException">No answer came in time.</exception>
    public async Task SendAsync(Welcome welcome, CancellationToken cancellation)
    {
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{welcome.WebhookId}.{timestamp}.{welcome.Payload}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(welcome.Payload)) { Headers = { ContentType = Json } };
        request.Headers.Add("webhook-id", welcome.WebhookId);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(signature)}");
        using var answer = await client.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => client.Dispose();
}
