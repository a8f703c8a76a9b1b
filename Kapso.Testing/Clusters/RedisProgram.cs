using System.Globalization;

namespace Kapso.Testing.Clusters;

/// <summary>A program that speaks Redis' protocol, and how it is told where to listen and what to keep.</summary>
/// <param name="Command">The program.</param>
/// <param name="Arguments">Its arguments, for a port and the folder of its data.</param>
internal sealed record RedisProgram(string Command, Func<int, string, string[]> Arguments)
{
    /// <summary>The machine's redis-server.</summary>
    /// <param name="settings">What it keeps; all that it acknowledges, if empty.</param>
    public static RedisProgram RedisServer(params string[] settings) => new("redis-server", (port, folder) =>
    [
        "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--logfile", "redis.log",
        .. settings.Length > 0 ? settings : ["--appendonly", "yes", "--appendfsync", "always"],
    ]);
}
