using System.Net;
using System.Net.Sockets;

namespace Kapso.Benchmarks.Load;

/// <summary>One keep-alive connection with at most one request in flight.</summary>
internal sealed class LoadConnection(IPEndPoint endpoint) : IDisposable
{
    private Socket? socket;
    private byte[] buffer = new byte[4096];
    private int received;

    /// <summary>When the request in flight was due, as a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long DueAt { get; private set; }

    /// <summary>When the request in flight was sent.</summary>
    public long SentAt { get; private set; }

    /// <summary>Which delivery is in flight.</summary>
    public int Delivery { get; private set; }

    public bool InFlight { get; private set; }

    /// <summary>Opens the socket and has it watched.</summary>
    /// <exception cref="SocketException">Nothing listens there.</exception>
    public void Open(Epoll epoll, int token)
    {
        socket?.Dispose();
        received = 0;
        InFlight = false;
        socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(endpoint);
        socket.Blocking = false;
        epoll.Watch(socket.Handle, token);
    }

    /// <summary>Sends one whole request. It is far smaller than the socket's buffer, so it never blocks.</summary>
    /// <exception cref="SocketException">The connection is gone.</exception>
    public void Send(ReadOnlySpan<byte> request, int delivery, long dueAt, long sentAt)
    {
        DueAt = dueAt;
        SentAt = sentAt;
        Delivery = delivery;
        InFlight = true;
        if (socket!.Send(request) != request.Length)
        {
            throw new SocketException((int)SocketError.NoBufferSpaceAvailable);
        }
    }

    /// <summary>Takes what came in; <see langword="null"/> while the answer is incomplete.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="EndOfStreamException">The other side closed the connection.</exception>
    /// <exception cref="InvalidDataException">What came is not one HTTP/1.1 response.</exception>
    public Response? Receive()
    {
        if (received == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        var count = socket!.Receive(buffer.AsSpan(received), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return null;
        }

        if (error != SocketError.Success)
        {
            throw new SocketException((int)error);
        }

        if (count == 0)
        {
            throw new EndOfStreamException();
        }

        received += count;
        if (!InFlight)
        {
            throw new InvalidDataException("An answer came that nothing had asked for.");
        }

        if (ResponseFraming.Read(buffer.AsSpan(0, received)) is not { } response)
        {
            return null;
        }

        if (response.Length != received)
        {
            throw new InvalidDataException("The answer is followed by bytes that belong to no response.");
        }

        received = 0;
        InFlight = false;
        return response;
    }

    public void Dispose() => socket?.Dispose();
}
