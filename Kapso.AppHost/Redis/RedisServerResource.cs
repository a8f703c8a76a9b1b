namespace Kapso.AppHost.Redis;

/// <summary>A <c>redis-server</c> of this machine, for those without containers.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="folder">Where it keeps its data.</param>
internal sealed class RedisServerResource(string name, string folder)
    : ExecutableResource(name, "redis-server", folder), IResourceWithConnectionString
{
    /// <summary>The name of <see cref="Endpoint"/>.</summary>
    public const string EndpointName = "tcp";

    /// <summary>Where it listens.</summary>
    public EndpointReference Endpoint => new(this, EndpointName);

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"{Endpoint.Property(EndpointProperty.Host)}:{Endpoint.Property(EndpointProperty.Port)}");
}
