using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kapso.Tests.Platform.Api;

/// <summary>
/// A platform on a real socket that gives raw answers in a fixed order, the last one again and again. It closes the
/// connection after each.
/// </summary>
internal sealed class ScriptedPlatform : IAsyncDisposable
{
    /// <summary>Closes the connection without an answer, once the request was read.</summary>
    public const string Reset = "reset";

    /// <summary>Never answers.</summary>
    public const string Silence = "silence";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _script;
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Task _accepting;
    private string _last = Reset;

    public ScriptedPlatform(params string[] script)
    {
        _script = new ConcurrentQueue<string>(script);
        _listener.Start();
        BaseUrl = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/below");
        _accepting = AcceptAsync();
    }

    public Uri BaseUrl { get; }

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = [];

    /// <summary>An answer with a body.</summary>
    public static string Answer(int status, string body = "", string headers = "") =>
        $"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await AnswerAsync(client.GetStream());
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // The test is over, or its client has gone.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var received = new List<byte>();
        var buffer = new byte[8192];
        ReceivedRequest? request;
        while ((request = ReceivedRequest.TryRead([.. received])) is null)
        {
            var count = await stream.ReadAsync(buffer, _stop.Token);
            if (count == 0)
                return;
            received.AddRange(buffer.AsSpan(0, count));
        }

        Requests.Enqueue(request);
        if (_script.TryDequeue(out var next))
            _last = next;
        switch (_last)
        {
            case Reset:
                return;
            case Silence:
                await Task.Delay(Timeout.Infinite, _stop.Token);
                return;
            default:
                await stream.WriteAsync(Encoding.UTF8.GetBytes(_last), _stop.Token);
                return;
        }
    }
}
