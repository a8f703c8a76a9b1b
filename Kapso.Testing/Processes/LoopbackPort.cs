using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kapso.Testing.Processes;

/// <summary>Ports for the processes that a test starts.</summary>
internal static class LoopbackPort
{
    /// <summary>
    /// Below those that the system gives to clients (from 32,768 on): no connection of anybody may come to sit on the port before
    /// its process listens there, or while that process is away. Above the fixed ones of the AppHost.
    /// </summary>
    private const int First = 22_000, End = 32_000;

    private static readonly ConcurrentDictionary<int, bool> Given = [];

    /// <summary>A port of the loopback interface that nobody listens on and that no other caller of this process was given.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (Given.ContainsKey(port))
                continue;
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
            }
            catch (SocketException)
            {
                continue; // Somebody's.
            }

            if (Given.TryAdd(port, true))
                return port;
        }
    }
}
