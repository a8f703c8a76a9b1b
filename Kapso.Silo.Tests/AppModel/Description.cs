using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>
/// Runs the application host's program up to where it would build what it has described, and no further: one that is built
/// starts, and takes its time to end.
/// </summary>
internal sealed class Description : DistributedApplicationFactory
{
    private IReadOnlyList<IResource>? _resources;

    private Description(string[] arguments)
        : base(typeof(Projects.Kapso_AppHost), arguments)
    {
    }

    /// <summary>The resources that the program describes, given these arguments.</summary>
    /// <exception cref="DistributedApplicationException">It refuses them.</exception>
    public static async Task<IReadOnlyList<IResource>> ReadAsync(params string[] arguments)
    {
        await using var description = new Description(arguments);
        try
        {
            await description.StartAsync(TestContext.Current.CancellationToken);
        }
        catch (DescribedException) when (description._resources is not null)
        {
            return description._resources;
        }

        throw new InvalidOperationException("The application host's program started what it was only to describe.");
    }

    protected override void OnBuilding(DistributedApplicationBuilder applicationBuilder)
    {
        _resources = [.. applicationBuilder.Resources];
        throw new DescribedException();
    }

    /// <summary>Ends the program.</summary>
    private sealed class DescribedException : Exception;
}
