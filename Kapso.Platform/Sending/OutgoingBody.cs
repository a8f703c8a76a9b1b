using System.Net;

namespace Kapso.Platform.Sending;

/// <summary>
/// A request's body that knows whether it went out. The framework asks for it once it has a connection: before that nobody
/// can have had the request, whatever the attempt ends with, and the time of an answer does not run yet.
/// </summary>
/// <param name="body">The bytes.</param>
/// <param name="sending">Called as soon as they go out.</param>
internal sealed class OutgoingBody(ReadOnlyMemory<byte> body, Action sending) : HttpContent
{
    private volatile bool _isSent;

    /// <summary>Whether any of it may have reached the other side.</summary>
    public bool IsSent => _isSent;

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _isSent = true;
        sending();
        return stream.WriteAsync(body, cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
