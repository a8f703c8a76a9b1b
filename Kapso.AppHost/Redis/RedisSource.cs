namespace Kapso.AppHost.Redis;

/// <summary>
/// Where Redis comes from, by one setting, <c>Redis</c>: <c>auto</c> (default), <c>container</c>, <c>redis-server</c>,
/// <c>valkey-server</c>, <c>garnet</c> or a connection string.
/// </summary>
internal static class RedisSource
{
    private const string Setting = "Redis";
    private const string Auto = "auto";

    /// <summary>
    /// Adds Redis from where the setting says, and says which it is and why. What is published runs it as a container, whatever
    /// this machine has, or uses the connection string.
    /// </summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddKapsoRedis(
        this IDistributedApplicationBuilder builder, string name)
    {
        var setting = builder.Configuration[Setting] is { Length: > 0 } given ? given : Auto;
        var named = RedisKinds.Find(setting);
        if (named is null && !setting.Equals(Auto, StringComparison.OrdinalIgnoreCase))
            return AddExisting(builder, name, setting);
        return builder.ExecutionContext.IsRunMode
            ? AddChosen(builder, name, named)
            : builder.AddRedisContainer(name);
    }

    private static IResourceBuilder<IResourceWithConnectionString> AddChosen(
        IDistributedApplicationBuilder builder, string name, RedisKind? named)
    {
        var machine = new RedisMachine(builder.Configuration, builder.AppHostDirectory);
        var choice = machine.Choose(named);
        var kind = choice.Kind ?? throw Refusal.Because(choice.Reason);
        var line = $"Redis is {kind.Name()}: {choice.Reason}; {machine.PlaceOf(kind)}."
            + (kind == RedisKind.Garnet ? " " + GarnetTool.Purpose : "");
        Console.WriteLine(line);
        if (kind != RedisKind.Container)
            return builder.AddRedisServer(name, machine, kind).WithExplanation(line);
        machine.Runtime!.Use(builder.Configuration);
        return builder.AddRedisContainer(name).WithExplanation(line);
    }

    // The value becomes a secret parameter, which is not written into what is published.
    private static IResourceBuilder<IResourceWithConnectionString> AddExisting(
        IDistributedApplicationBuilder builder, string name, string connectionString)
    {
        const string Line = "Redis is one that runs already: its address is set.";
        builder.Configuration[$"ConnectionStrings:{name}"] = connectionString;
        var redis = builder.AddConnectionString(name).WithOrleansProviderType("Redis");
        if (!builder.ExecutionContext.IsRunMode)
            return redis;
        Console.WriteLine(Line);
        return redis.WithExplanation(Line);
    }
}
