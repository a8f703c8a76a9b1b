using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kapso.Silo.Tests.Compatibility;

/// <summary>Calls a service that may have several addresses, at one after the other.</summary>
internal sealed class Callers(IReadOnlyList<Uri> addresses, string managementKey) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private int _calls;

    public Uri First => addresses[0];

    private Uri Next => addresses[(int)((uint)Interlocked.Increment(ref _calls) % (uint)addresses.Count)];

    /// <summary>Calls the management API; again, as long as it says that it cannot tell now.</summary>
    public async Task<JsonElement> AskAsync(HttpMethod method, string path, object? body = null, string? idempotencyKey = null)
    {
        JsonElement said = default;
        await Wait.ForAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(method, new Uri(Next, path));
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", managementKey);
                if (idempotencyKey is not null)
                    request.Headers.Add("Idempotency-Key", idempotencyKey);
                if (body is not null)
                    request.Content = JsonContent.Create(body);
                using var answer = await _client.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.NotFound)
                    return false;
                Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
                said = JsonElement.Parse(text);
                return true;
            },
            $"an answer to {method} {path}");
        return said;
    }

    public Task<JsonElement> ReadAsync(string path) => AskAsync(HttpMethod.Get, path);

    public Task<JsonElement> PostAsync(string path, object? body = null, string? idempotencyKey = null) =>
        AskAsync(HttpMethod.Post, path, body, idempotencyKey);

    /// <summary>Waits until each address reaches the owners of connections: nobody is known to have never been heard of.</summary>
    public async Task UntilReachedAsync(string project, string customer = "nobody")
    {
        foreach (var address in addresses)
        {
            await Wait.ForAsync(
                async () =>
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, $"/api/projects/{project}/customers/{customer}/connection"));
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", managementKey);
                    using var answer = await _client.SendAsync(request);
                    return answer.StatusCode == HttpStatusCode.NotFound;
                },
                $"{address} to reach its engine");
        }
    }

    /// <summary>Delivers a signed webhook, until it is taken.</summary>
    /// <returns>What became of it.</returns>
    public async Task<string> DeliverAsync(string project, string secret, string @event, string body, string idempotencyKey)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), bytes));
        string? outcome = null;
        await Wait.ForAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Next, $"/webhooks/project/{project}")) { Content = new ByteArrayContent(bytes) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                request.Headers.Add("X-Webhook-Event", @event);
                request.Headers.Add("X-Webhook-Payload-Version", "v2");
                request.Headers.Add("X-Idempotency-Key", idempotencyKey);
                request.Headers.Add("X-Webhook-Signature", signature);
                using var answer = await _client.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{@event}: {(int)answer.StatusCode} {text}");
                outcome = answer.StatusCode == HttpStatusCode.OK ? JsonElement.Parse(text).GetProperty("outcome").GetString() : null;
                return outcome is not null;
            },
            $"{@event} to be taken");
        return outcome!;
    }

    /// <summary>Opens a page of the service's as a browser does; its status, and where it leads.</summary>
    public async Task<(HttpStatusCode Status, Uri? Location)> OpenAsync(string url)
    {
        using var answer = await _client.GetAsync(new Uri(Next, Uri.IsWellFormedUriString(url, UriKind.Absolute) ? new Uri(url).PathAndQuery : url));
        return (answer.StatusCode, answer.Headers.Location);
    }

    public void Dispose() => _client.Dispose();
}
