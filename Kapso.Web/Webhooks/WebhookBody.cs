using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kapso.Web.Webhooks;

/// <summary>
/// The raw body of a request, read whole and bounded. Where it arrived in one piece it is used where it lies, in the
/// server's own buffer; else it is copied into a pooled one. Valid until disposed.
/// </summary>
internal struct WebhookBody : IDisposable
{
    private readonly PipeReader _reader;
    private readonly SequencePosition _end;
    private byte[]? _pooled;

    private WebhookBody(PipeReader reader, in ReadOnlySequence<byte> body)
    {
        _reader = reader;
        _end = body.End;
        if (body.IsSingleSegment)
        {
            Bytes = body.First;
            return;
        }

        var length = (int)body.Length;
        _pooled = ArrayPool<byte>.Shared.Rent(length);
        body.CopyTo(_pooled);
        Bytes = _pooled.AsMemory(0, length);
    }

    /// <summary>The bytes as they arrived.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads the whole body; null where it is larger than the limit.</summary>
    /// <exception cref="BadHttpRequestException">The server gave up: too slow, or cut off.</exception>
    /// <exception cref="IOException">The client went away.</exception>
    /// <exception cref="OperationCanceledException">The body took longer than the time-out.</exception>
    public static async ValueTask<WebhookBody?> ReadAsync(
        HttpRequest request, int limit, TimeSpan timeout, TimeProvider time)
    {
        if (request.ContentLength is not { } length || length > limit)
        {
            // Whoever keeps the server's own limit has the connection reset while the sender is still sending: a proxy that sends then
            // says 502 in place of our answer. So the bound is kept here, and the server reads the rest away, for five seconds at most.
            if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
                size.MaxRequestBodySize = null;
            if (request.ContentLength > limit)
                return null;
        }

        var reader = request.BodyReader;
        if (reader.TryRead(out var result))
        {
            if (result.Buffer.Length > limit)
                return Abandon(reader, result);
            if (result.IsCompleted)
                return new WebhookBody(reader, result.Buffer);
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }

        // Only a body that was not there yet pays for a timer.
        using var stop = new CancellationTokenSource(timeout, time);

        // A read that is given up by a token stays pending for the server, which reads on when the answer is sent.
        await using var registration = stop.Token.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);
        while (true)
        {
            result = await reader.ReadAsync();
            if (result.IsCanceled)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw new OperationCanceledException(stop.Token);
            }

            if (result.Buffer.Length > limit)
                return Abandon(reader, result);
            if (result.IsCompleted)
                return new WebhookBody(reader, result.Buffer);
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        _reader.AdvanceTo(_end);
        if (_pooled is { } pooled)
        {
            _pooled = null;
            ArrayPool<byte>.Shared.Return(pooled);
        }
    }

    private static WebhookBody? Abandon(PipeReader reader, in ReadResult result)
    {
        reader.AdvanceTo(result.Buffer.End);
        return null;
    }
}
