using System.Net;
using System.Text.Json;
using Kapso.Tests.Web;

namespace Kapso.Tests.Pages;

/// <summary>A browser's stream of server-sent events.</summary>
internal sealed class LiveStream(HttpResponseMessage response) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private StreamReader? _reader;

    public HttpStatusCode Status => response.StatusCode;

    /// <summary>When a refused browser may come again.</summary>
    public TimeSpan? RetryAfter => response.Headers.RetryAfter?.Delta;

    public static async Task<LiveStream> OpenAsync(WebHost host, string state, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/whatsapp/success/{state}/events{query}");
        request.Headers.Add("Accept", "text/event-stream");
        return new LiveStream(await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    /// <summary>The next status; null where the server ended the stream.</summary>
    public async Task<JsonElement?> NextAsync(string awaited)
    {
        using var patience = new CancellationTokenSource(Patience);
        _reader ??= new StreamReader(await response.Content.ReadAsStreamAsync());
        try
        {
            while (await _reader.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    return JsonElement.Parse(line["data: ".Length..]);
            }

            return null;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No event within {Patience}; awaited: {awaited}.");
        }
    }

    public void Dispose()
    {
        _reader?.Dispose();
        response.Dispose();
    }
}
