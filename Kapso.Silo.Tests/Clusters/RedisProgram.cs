using System.Globalization;
using Kapso.AppHost.Redis;

namespace Kapso.Silo.Tests.Clusters;

/// <summary>A program that speaks Redis' protocol, and how it is told where to listen and what to keep.</summary>
/// <param name="Command">The program.</param>
/// <param name="Arguments">Its arguments, for a port and the folder of its data.</param>
internal sealed record RedisProgram(string Command, Func<int, string, string[]> Arguments)
{
    private static readonly Lazy<Task<RedisProgram>> Restored = new(RestoreGarnetAsync);

    /// <summary>The machine's redis-server.</summary>
    /// <param name="settings">What it keeps; all that it acknowledges, if empty.</param>
    public static RedisProgram RedisServer(params string[] settings) => new("redis-server", (port, folder) =>
    [
        "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--logfile", "redis.log",
        .. settings.Length > 0 ? settings : ["--appendonly", "yes", "--appendfsync", "always"],
    ]);

    /// <summary>Garnet in the version of the repository's tool manifest, with the arguments of the application host.</summary>
    public static Task<RedisProgram> GarnetAsync() => Restored.Value;

    /// <summary>The same, with other settings than the application host's.</summary>
    public static async Task<RedisProgram> GarnetAsync(params string[] settings)
    {
        var garnet = await GarnetAsync();
        return garnet with
        {
            Arguments = (port, folder) =>
            [
                .. GarnetTool.Command, "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--checkpointdir", folder, .. settings,
            ],
        };
    }

    private static async Task<RedisProgram> RestoreGarnetAsync()
    {
        Assert.Null(await GarnetTool.RestoreAsync("dotnet", AppContext.BaseDirectory));
        return new RedisProgram("dotnet", (port, folder) =>
            [.. GarnetTool.Command, "--port", port.ToString(CultureInfo.InvariantCulture), .. GarnetTool.ArgumentsFor(folder)]);
    }
}
