using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Kapso.Simulator.Deliveries;

/// <summary>Sends one attempt of a delivery, signed.</summary>
internal sealed class WebhookSender : IDisposable
{
    /// <summary>How long a receiver has, by the real clock: it does not work faster because the simulator does.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
    })
    {
        Timeout = Patience,
    };

    /// <summary>Whether it was answered with exactly 200, and what came.</summary>
    public async Task<(bool Ok, string Answer)> SendAsync(
        Webhook webhook, Delivery delivery, string projectId, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(webhook, delivery, projectId);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            return (status == 200, status.ToString(CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException exception)
        {
            return (false, exception.HttpRequestError.ToString());
        }
        catch (OperationCanceledException)
        {
            return (false, cancellationToken.IsCancellationRequested ? "stopped" : "timed out");
        }
    }

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Request(Webhook webhook, Delivery delivery, string projectId)
    {
        var body = DeliveryBody.Write(delivery, projectId);
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Webhook-Event", delivery.Event);
        request.Headers.Add("X-Idempotency-Key", delivery.IdempotencyKey);
        request.Headers.Add("X-Webhook-Payload-Version", delivery.Shape == DeliveryShape.V1 ? "v1" : "v2");
        if (webhook.Secret is { } secret)
            request.Headers.Add("X-Webhook-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
        if (delivery.Shape == DeliveryShape.Batch)
        {
            request.Headers.Add("X-Webhook-Batch", "true");
            request.Headers.Add("X-Batch-Size", delivery.Happenings.Count.ToString(CultureInfo.InvariantCulture));
        }

        return request;
    }
}
