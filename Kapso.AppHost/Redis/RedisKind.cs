namespace Kapso.AppHost.Redis;

/// <summary>What can be Redis on this machine, in the order in which <c>auto</c> prefers them.</summary>
internal enum RedisKind
{
    /// <summary>Redis in a container.</summary>
    Container,

    /// <summary>The <c>redis-server</c> that is installed here.</summary>
    RedisServer,

    /// <summary>The <c>valkey-server</c> that is installed here.</summary>
    ValkeyServer,

    /// <summary>Garnet, which the package registry has.</summary>
    Garnet,
}

/// <summary>The names of <see cref="RedisKind"/>, in settings and in the file that keeps a choice.</summary>
internal static class RedisKinds
{
    /// <summary>All of them, the preferred first.</summary>
    public static IReadOnlyList<RedisKind> All { get; } = Enum.GetValues<RedisKind>();

    /// <summary>Its name.</summary>
    public static string Name(this RedisKind kind) => kind switch
    {
        RedisKind.Container => "container",
        RedisKind.RedisServer => "redis-server",
        RedisKind.ValkeyServer => "valkey-server",
        RedisKind.Garnet => "garnet",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind."),
    };

    /// <summary>The kind of that name, in any case; null for any other text.</summary>
    public static RedisKind? Find(string name) =>
        All.Where(kind => kind.Name().Equals(name, StringComparison.OrdinalIgnoreCase)).Select(kind => (RedisKind?)kind).FirstOrDefault();
}
