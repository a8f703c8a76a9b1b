using Kapso.Connections;
using Kapso.Platform.Api;
using Kapso.Platform.Reconciling;

namespace Kapso.Tests.Reconciling;

/// <summary>Live setup links are looked at with what a pass has left, the longest unseen first.</summary>
public sealed class LinkStepTests
{
    [Fact]
    public async Task Every_live_link_is_looked_at_once_an_hour()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var links = new Links(stage, 120);
        stage.Links = links;
        var process = stage.Process();

        Assert.Equal(120, (await stage.ReconcileAsync(process)).Counts.Links);
        stage.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, (await stage.ReconcileAsync(process)).Counts.Links);
        stage.Advance(TimeSpan.FromHours(1));
        Assert.Equal(120, (await stage.ReconcileAsync(process)).Counts.Links);

        Assert.Equal(240, links.Looked.Count);
        Assert.All(links.Purposes, purpose => Assert.Equal(CallPurpose.Reconciliation, purpose));
    }

    [Fact]
    public async Task Looking_ends_when_it_is_time_for_the_next_pass_which_goes_on_with_the_others()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var links = new Links(stage, 30) { Takes = TimeSpan.FromMinutes(1) };
        stage.Links = links;
        var process = stage.Process();

        Assert.True(await process.StepAsync(CancellationToken.None) == TimeSpan.Zero);
        var first = links.Looked.ToList();
        Assert.Equal(10, first.Count);

        Assert.True(await process.StepAsync(CancellationToken.None) == TimeSpan.Zero);
        Assert.Equal(20, links.Looked.Count);
        Assert.Empty(first.Intersect(links.Looked.Skip(10)));
    }

    [Fact]
    public async Task A_platform_that_says_nothing_of_links_does_not_spoil_the_pass()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        stage.Links = new Links(stage, 5) { IsSilent = true };

        var report = await stage.ReconcileAsync();

        Assert.Equal((null, 0), (report.Error, report.Counts.Links));
    }

    private sealed class Links(ReconcilingStage stage, int count) : ILinkChecks
    {
        private readonly Dictionary<CustomerKey, DateTimeOffset> _seen = Enumerable.Range(0, count)
            .ToDictionary(i => new CustomerKey(ReconcilingStage.Project, $"customer-{i}"), _ => DateTimeOffset.MinValue);

        public TimeSpan Takes { get; init; }

        public bool IsSilent { get; init; }

        public List<CustomerKey> Looked { get; } = [];

        public List<CallPurpose> Purposes { get; } = [];

        public Task<IReadOnlyList<CustomerKey>> FindAsync(
            string projectId, DateTimeOffset since, int limit, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<CustomerKey>>(
                [.. _seen.Where(link => link.Value < since).OrderBy(link => link.Value).Take(limit).Select(link => link.Key)]);

        public Task<bool> CheckAsync(CustomerKey key, CallPurpose purpose, CancellationToken cancellationToken)
        {
            if (IsSilent)
                return Task.FromResult(false);
            stage.Time.Advance(Takes);
            _seen[key] = stage.Time.GetUtcNow();
            Looked.Add(key);
            Purposes.Add(purpose);
            return Task.FromResult(true);
        }
    }
}
