using Microsoft.Extensions.DependencyInjection;

namespace Kapso.AppHost.Redis;

/// <summary>A server of this machine as Redis: redis-server, valkey-server or Garnet, with its data in a folder of its own.</summary>
internal static class RedisServer
{
    /// <summary>What a write is worth: it is on the disk before it is answered. Every promise of the service rests on it.</summary>
    public static IReadOnlyList<string> Durable { get; } = ["--appendonly", "yes", "--appendfsync", "always"];

    /// <summary>Adds it, and makes the folder.</summary>
    public static IResourceBuilder<RedisServerResource> AddRedisServer(
        this IDistributedApplicationBuilder builder, string name, RedisMachine machine, RedisKind kind)
    {
        var folder = Directory.CreateDirectory(machine.Folder.Of(kind)).FullName;
        var isGarnet = kind == RedisKind.Garnet;

        // The tool manifest is found from where the tool is run; what the tool needs of the data's folder, it is told.
        var server = new RedisServerResource(name, machine.CommandOf(kind), isGarnet ? builder.AppHostDirectory : folder);
        IReadOnlyList<string> command = isGarnet ? GarnetTool.Command : [];
        IReadOnlyList<string> settings = isGarnet ? GarnetTool.ArgumentsFor(folder) : ["--bind", "127.0.0.1", "--save", "", .. Durable];
        return builder.AddResource(server)
            .WithEndpoint(scheme: "tcp", name: RedisServerResource.EndpointName)
            .WithArgs(context =>
            {
                foreach (var argument in command)
                    context.Args.Add(argument);
                context.Args.Add("--port");
                context.Args.Add(server.Endpoint.Property(EndpointProperty.TargetPort));
                foreach (var argument in settings)
                    context.Args.Add(argument);
            })
            .WithPing()
            .WithOrleansProviderType("Redis");
    }

    private static IResourceBuilder<RedisServerResource> WithPing(this IResourceBuilder<RedisServerResource> redis)
    {
        var server = redis.Resource;
        var builder = redis.ApplicationBuilder;
        var check = $"{server.Name}_ping";
        string? connectionString = null;
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(server, async (_, stop) =>
            connectionString = await server.ConnectionStringExpression.GetValueAsync(stop));
        builder.Services.AddHealthChecks().AddRedis(
            _ => connectionString ?? throw new InvalidOperationException("Redis has no address yet."), check);
        return redis.WithHealthCheck(check);
    }
}
