using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Kapso.Benchmarks.Load;

/// <summary>
/// Waits for many sockets on one thread. The sockets of the base class library wake a thread of the pool for
/// each answer, which costs a machine of two cores more than the service under test is meant to notice.
/// </summary>
internal sealed partial class Epoll : IDisposable
{
    private const int Add = 1;
    private const uint Readable = 1;
    private const int Interrupted = 4;

    /// <summary><c>struct epoll_event</c> is packed on x86-64 only.</summary>
    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static readonly int EventSize = Packed ? 12 : 16;
    private static readonly int DataOffset = Packed ? 4 : 8;

    private readonly int descriptor;
    private readonly byte[] events;

    public Epoll(int capacity)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("The load generator waits on epoll and needs Linux.");
        }

        descriptor = Create(0);
        if (descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        events = new byte[capacity * EventSize];
    }

    /// <summary>Watches a socket for input; <paramref name="token"/> comes back from <see cref="Token"/>.</summary>
    public void Watch(nint socket, int token)
    {
        Span<byte> request = stackalloc byte[16];
        request.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(request, Readable);
        BinaryPrimitives.WriteInt32LittleEndian(request[DataOffset..], token);
        if (Control(descriptor, Add, (int)socket, ref request[0]) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Waits at most this many milliseconds; returns how many sockets are ready.</summary>
    public int Wait(int milliseconds)
    {
        var ready = Wait(descriptor, ref events[0], events.Length / EventSize, milliseconds);
        if (ready >= 0)
        {
            return ready;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == Interrupted ? 0 : throw new Win32Exception(error);
    }

    /// <summary>The token of the ready socket at this position of the last wait.</summary>
    public int Token(int position) =>
        BinaryPrimitives.ReadInt32LittleEndian(events.AsSpan((position * EventSize) + DataOffset));

    public void Dispose() => _ = Close(descriptor);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int descriptor, int operation, int socket, ref byte request);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int descriptor, ref byte events, int capacity, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
