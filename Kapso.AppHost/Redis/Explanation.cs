namespace Kapso.AppHost.Redis;

/// <summary>Why a resource is what it is, where the dashboard shows its details.</summary>
internal static class Explanation
{
    private const string Property = "Chosen";

    /// <summary>Puts a line among the resource's properties.</summary>
    public static IResourceBuilder<T> WithExplanation<T>(this IResourceBuilder<T> resource, string line)
        where T : IResource
    {
        var known = resource.Resource.Annotations.OfType<ResourceSnapshotAnnotation>().LastOrDefault()?.InitialSnapshot
            ?? new CustomResourceSnapshot
            {
                ResourceType = resource.Resource is ContainerResource ? "Container" : "Executable",
                Properties = [],
            };
        return resource.WithInitialState(known with { Properties = known.Properties.Add(new ResourcePropertySnapshot(Property, line)) });
    }
}
