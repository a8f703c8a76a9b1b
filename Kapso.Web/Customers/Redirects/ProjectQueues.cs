using System.Collections.Frozen;
using System.Threading.Channels;
using Kapso.Web.Projects;

namespace Kapso.Web.Customers.Redirects;

/// <summary>
/// What waits to be asked behind the browsers' backs, one queue for each project, so that no project waits for another. What finds no
/// room is dropped: reconciliation asks, too.
/// </summary>
internal sealed class ProjectQueues<T>(ProjectDirectory projects)
{
    /// <summary>What waits in one project; at five questions a minute, twenty minutes of them.</summary>
    private const int MaxWaiting = 100;

    private readonly FrozenDictionary<string, Channel<T>> _waiting = projects.All.ToFrozenDictionary(
        project => project.Id,
        _ => Channel.CreateBounded<T>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.Wait }),
        StringComparer.Ordinal);

    /// <summary>Adds what is to be asked, where there is room. Returns at once.</summary>
    public bool TryAdd(string projectId, T item) =>
        _waiting.TryGetValue(projectId, out var waiting) && waiting.Writer.TryWrite(item);

    /// <summary>Takes what waits, in order within its project, until it is stopped.</summary>
    public Task RunAsync(Func<string, T, CancellationToken, Task> take, CancellationToken stop) =>
        Task.WhenAll(_waiting.Select(project => RunAsync(project.Key, project.Value.Reader, take, stop)));

    private static async Task RunAsync(
        string projectId, ChannelReader<T> waiting, Func<string, T, CancellationToken, Task> take, CancellationToken stop)
    {
        try
        {
            await foreach (var item in waiting.ReadAllAsync(stop))
                await take(projectId, item, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The host stops; what waited is found out by reconciliation.
        }
    }
}
