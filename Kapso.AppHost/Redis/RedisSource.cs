using Microsoft.Extensions.DependencyInjection;

namespace Kapso.AppHost.Redis;

/// <summary>
/// Where Redis comes from, by one setting, <c>Redis</c>: <c>container</c> (default), <c>redis-server</c> (the one installed
/// on this machine) or a connection string.
/// </summary>
internal static class RedisSource
{
    private const string Setting = "Redis";

    /// <summary>Where the machine's own redis-server keeps its data; default <c>data/redis</c> in the application host's folder.</summary>
    private const string FolderSetting = "Redis:Folder";

    /// <summary>What a write is worth: it is on the disk before it is answered. Every promise of the service rests on it.</summary>
    private static readonly string[] Durable = ["--appendonly", "yes", "--appendfsync", "always"];

    /// <summary>Adds Redis from where the setting says. What is published runs it as a container, or uses the connection string.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddKapsoRedis(
        this IDistributedApplicationBuilder builder, string name)
    {
        var source = builder.Configuration[Setting];
        return source switch
        {
            null or "" or "container" => AddContainer(builder, name),
            "redis-server" => builder.ExecutionContext.IsRunMode ? AddServer(builder, name) : AddContainer(builder, name),
            _ => AddExisting(builder, name, source),
        };
    }

    private static IResourceBuilder<RedisResource> AddContainer(IDistributedApplicationBuilder builder, string name) => builder
        .AddRedis(name)
        .WithDataVolume("kapso-redis")
        .WithoutHttpsCertificate()
        .WithArgs(context => MakeDurable(context.Args));

    private static IResourceBuilder<RedisServerResource> AddServer(IDistributedApplicationBuilder builder, string name)
    {
        var folder = Directory.CreateDirectory(
            builder.Configuration[FolderSetting] ?? Path.Combine(builder.AppHostDirectory, "data", "redis")).FullName;
        var server = new RedisServerResource(name, folder);
        var check = $"{name}_ping";
        string? connectionString = null;
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(server, async (_, stop) =>
            connectionString = await server.ConnectionStringExpression.GetValueAsync(stop));
        builder.Services.AddHealthChecks().AddRedis(
            _ => connectionString ?? throw new InvalidOperationException("Redis has no address yet."), check);

        return builder.AddResource(server)
            .WithEndpoint(scheme: "tcp", name: RedisServerResource.EndpointName)
            .WithArgs(context =>
            {
                context.Args.Add("--port");
                context.Args.Add(server.Endpoint.Property(EndpointProperty.TargetPort));
                foreach (var argument in (string[])["--bind", "127.0.0.1", "--save", "", .. Durable])
                    context.Args.Add(argument);
            })
            .WithHealthCheck(check)
            .WithOrleansProviderType("Redis");
    }

    // The value becomes a secret parameter, which is not written into what is published.
    private static IResourceBuilder<IResourceWithConnectionString> AddExisting(
        IDistributedApplicationBuilder builder, string name, string connectionString)
    {
        builder.Configuration[$"ConnectionStrings:{name}"] = connectionString;
        return builder.AddConnectionString(name).WithOrleansProviderType("Redis");
    }

    /// <summary>
    /// Adds the arguments of durability to those of redis-server. Published, these are one command line for a shell, and
    /// arguments behind it would be the shell's own: it would drop them without a word.
    /// </summary>
    private static void MakeDurable(IList<object> arguments)
    {
        if (arguments is ["-c", string command, ..])
            arguments[1] = $"{command} {string.Join(' ', Durable)}";
        else
        {
            foreach (var argument in Durable)
                arguments.Add(argument);
        }
    }
}
