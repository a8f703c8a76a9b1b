namespace Kapso.AppHost.Redis;

/// <summary>Redis in a container, with its data in a volume.</summary>
internal static class RedisContainer
{
    /// <summary>Adds it.</summary>
    public static IResourceBuilder<RedisResource> AddRedisContainer(this IDistributedApplicationBuilder builder, string name) => builder
        .AddRedis(name)
        .WithDataVolume(ContainerRuntime.Volume)
        .WithoutHttpsCertificate()
        .WithArgs(context => MakeDurable(context.Args));

    /// <summary>
    /// Adds the arguments of durability to those of redis-server. Published, these are one command line for a shell, and
    /// arguments behind it would be the shell's own: it would drop them without a word.
    /// </summary>
    private static void MakeDurable(IList<object> arguments)
    {
        if (arguments is ["-c", string command, ..])
            arguments[1] = $"{command} {string.Join(' ', RedisServer.Durable)}";
        else
        {
            foreach (var argument in RedisServer.Durable)
                arguments.Add(argument);
        }
    }
}
