using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kapso.Tests.Platform;

/// <summary>
/// The company's application on a real socket of this machine. It reads each request in full, keeps it, and answers with
/// the raw bytes that it is given; null closes the connection instead, and a task that never ends hangs.
/// </summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<CancellationToken, Task<string?>> _answer;
    private readonly Task _accepting;

    private Receiver(Func<CancellationToken, Task<string?>> answer)
    {
        _answer = answer;
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hooks?token=hidden-in-the-url");
        _accepting = AcceptAsync();
    }

    public Uri Url { get; }

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = [];

    /// <summary>Completes when the first request was read in full.</summary>
    public TaskCompletionSource FirstRequest { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static Receiver Answering(string? raw) => new(_ => Task.FromResult(raw));

    public static Receiver AnsweringStatus(int status, string headers = "") =>
        Answering($"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n{headers}\r\n");

    /// <summary>Answers with one status after the other, and with the last of them from then on. None comes to a connection that is about to be closed.</summary>
    public static Receiver AnsweringInTurn(params int[] statuses)
    {
        var left = new Queue<int>(statuses);
        return new(_ => Task.FromResult<string?>($"HTTP/1.1 {(left.Count > 1 ? left.Dequeue() : left.Peek())} Said\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
    }

    public static Receiver Hanging() => new(async stopped =>
    {
        await Task.Delay(Timeout.Infinite, stopped);
        return null;
    });

    public async ValueTask DisposeAsync()
    {
        // The listener goes last: to accept on one that has stopped is an error of its own.
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
        {
            // The test is over, or its client has gone.
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var received = new List<byte>();
        var buffer = new byte[4096];
        while (ReceivedRequest.TryRead([.. received]) is null)
        {
            var count = await stream.ReadAsync(buffer, _stop.Token);
            if (count == 0)
                return;
            received.AddRange(buffer.AsSpan(0, count));
        }

        Requests.Enqueue(ReceivedRequest.TryRead([.. received])!);
        FirstRequest.TrySetResult();
        if (await _answer(_stop.Token) is { } answer)
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), _stop.Token);
    }
}

/// <summary>One request as it came over the wire.</summary>
internal sealed record ReceivedRequest(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public static ReceivedRequest? TryRead(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return null;

        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
        var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), System.Globalization.CultureInfo.InvariantCulture);
        return bytes.Length - end - 4 < length ? null : new ReceivedRequest(lines[0], headers, bytes[(end + 4)..(end + 4 + length)]);
    }
}
