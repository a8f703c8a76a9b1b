using System.Globalization;
using Kapso.AppHost.Redis;

namespace Kapso.Silo.Tests.Clusters;

/// <summary>A server that speaks Redis' protocol, from the package registry.</summary>
internal static class Garnet
{
    private static readonly Lazy<Task<RedisProgram>> Restored = new(RestoreAsync);

    /// <summary>Garnet in the version of the repository's tool manifest, with the arguments of the application host.</summary>
    public static Task<RedisProgram> GetAsync() => Restored.Value;

    /// <summary>The same, with other settings than the application host's.</summary>
    public static async Task<RedisProgram> GetAsync(params string[] settings)
    {
        var garnet = await GetAsync();
        return garnet with
        {
            Arguments = (port, folder) =>
            [
                .. GarnetTool.Command, "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--checkpointdir", folder, .. settings,
            ],
        };
    }

    private static async Task<RedisProgram> RestoreAsync()
    {
        Assert.Null(await GarnetTool.RestoreAsync("dotnet", AppContext.BaseDirectory));
        return new RedisProgram("dotnet", (port, folder) =>
            [.. GarnetTool.Command, "--port", port.ToString(CultureInfo.InvariantCulture), .. GarnetTool.ArgumentsFor(folder)]);
    }
}
