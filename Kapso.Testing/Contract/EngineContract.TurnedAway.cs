using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task What_several_processes_turned_away_is_added_up_also_after_a_crash()
    {
        await using var stage = await OpenAsync();
        await AddAsync(stage, Project, Turned(stage, TurnedAwayKind.SignatureWrong, 2, "203.0.113.0/24"));
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        await AddAsync(
            stage, Project,
            Turned(stage, TurnedAwayKind.SignatureWrong, 3, "203.0.113.0/24", "198.51.100.0/24"), Turned(stage, TurnedAwayKind.RedirectLimited, 1));
        await AddAsync(stage, null, Turned(stage, TurnedAwayKind.KeyWrong, 4, "2001:db8::/48"));

        await stage.CrashAsync();
        var turned = await TurnedAwayAsync(stage);

        Assert.Equal([TurnedAwayKind.SignatureWrong, TurnedAwayKind.RedirectLimited, TurnedAwayKind.KeyWrong], turned.Select(one => one.Kind));
        Assert.Equal([(5L, stage.Now, 5L), (1L, stage.Now, 0L), (4L, stage.Now, 0L)], turned.Select(one => (one.Count, one.LastAt, one.InARow)));
        Assert.Equal(
            [new NetworkCount("203.0.113.0/24", 5, stage.Now), new NetworkCount("198.51.100.0/24", 3, stage.Now)], turned[0].Networks);

        // What is of no project is shown with each, also with one that was never heard of.
        Assert.Equal(TurnedAwayKind.KeyWrong, Assert.Single((await stage.Engine.CountAsync("other", CancellationToken.None)).TurnedAway).Kind);
        Assert.Empty((await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).Events);
    }

    [Fact]
    public async Task A_good_delivery_ends_a_row_of_refused_ones()
    {
        await using var stage = await OpenAsync();
        await AddAsync(stage, Project, Turned(stage, TurnedAwayKind.SignatureWrong, 2), Turned(stage, TurnedAwayKind.SignatureMissing, 1));
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        await AddAsync(stage, Project, Turned(stage, TurnedAwayKind.SignatureWrong, 2));
        Assert.Equal([(1L, false), (4L, true)], await RowsAsync());

        await stage.AdvanceAsync(TimeSpan.FromSeconds(1));
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        Assert.Equal([(0L, false), (0L, false)], await RowsAsync());

        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        await AddAsync(stage, Project, Turned(stage, TurnedAwayKind.SignatureWrong, 3));
        Assert.Equal([(0L, false), (3L, true)], await RowsAsync());
        Assert.Equal([1L, 7L], (await TurnedAwayAsync(stage)).Select(one => one.Count));

        async Task<IEnumerable<(long, bool)>> RowsAsync() => (await TurnedAwayAsync(stage)).Select(one => (one.InARow, one.IsAlarming));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_that_one_process_sees_is_not_hidden_by_what_another_saw_before_it(bool inOrder)
    {
        await using var stage = await OpenAsync();
        var before = Turned(stage, TurnedAwayKind.SignatureWrong, 1);
        await stage.AdvanceAsync(TimeSpan.FromSeconds(10));
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.AdvanceAsync(TimeSpan.FromSeconds(10));
        var after = Turned(stage, TurnedAwayKind.SignatureWrong, 3);

        await AddAsync(stage, Project, inOrder ? before : after);
        await AddAsync(stage, Project, inOrder ? after : before);

        var turned = Assert.Single(await TurnedAwayAsync(stage));
        Assert.Equal((4, 3, true), (turned.Count, turned.InARow, turned.IsAlarming));
        await stage.CrashAsync();
        await AddAsync(stage, Project, Turned(stage, TurnedAwayKind.SignatureWrong, 2));
        Assert.Equal(5, Assert.Single(await TurnedAwayAsync(stage)).InARow);
    }

    [Fact]
    public async Task A_row_that_began_among_good_ones_is_told_once_none_has_passed_for_a_minute()
    {
        await using var stage = await OpenAsync();
        var begun = stage.Now;
        for (var i = 0; i < 3; i++)
        {
            await stage.AdvanceAsync(TimeSpan.FromSeconds(10));
            await stage.ObserveAsync(Customer1, ObservationKind.Created);
            await stage.AdvanceAsync(TimeSpan.FromSeconds(10));
            await AddAsync(stage, Project, Turned(stage, TurnedAwayKind.SignatureWrong, 5) with
            {
                FirstAt = begun,
                Times = [begun, .. Enumerable.Repeat(stage.Now, 4)],
            });
            Assert.Equal((4, false), await RowAsync());
        }

        await stage.AdvanceAsync(TimeSpan.FromSeconds(50));
        Assert.Equal((4, true), await RowAsync());
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        Assert.Equal((0, false), await RowAsync());

        async Task<(long, bool)> RowAsync()
        {
            var turned = Assert.Single(await TurnedAwayAsync(stage));
            return (turned.InARow, turned.IsAlarming);
        }
    }

    [Fact]
    public async Task Of_what_was_turned_away_the_last_twenty_networks_of_seven_days_are_kept()
    {
        await using var stage = await OpenAsync();
        for (var i = 0; i < 50; i++)
        {
            await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
            await AddAsync(stage, Project, Turned(stage, TurnedAwayKind.SignatureWrong, 1, $"10.0.{i}.0/24"));
        }

        var turned = Assert.Single(await TurnedAwayAsync(stage));
        Assert.Equal(50, turned.Count);
        Assert.Equal(Enumerable.Range(30, 20).Reverse().Select(i => $"10.0.{i}.0/24"), turned.Networks.Select(network => network.Network));

        await stage.AdvanceAsync(TimeSpan.FromDays(6));
        Assert.Equal(50, Assert.Single(await TurnedAwayAsync(stage)).Count);
        await AddAsync(stage, Project, Turned(stage, TurnedAwayKind.SignatureWrong, 1));
        await stage.AdvanceAsync(TimeSpan.FromDays(1));
        turned = Assert.Single(await TurnedAwayAsync(stage));
        Assert.Equal((1L, 0), (turned.Count, turned.Networks.Count));
        await stage.AdvanceAsync(TimeSpan.FromDays(6));
        Assert.Empty(await TurnedAwayAsync(stage));
    }

    [Fact]
    public async Task Counts_of_what_was_turned_away_at_the_same_time_are_all_added()
    {
        await using var stage = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AddAsync(stage, Project, Turned(stage, TurnedAwayKind.StreamLimited, 1, $"10.0.{i}.0/24"))));
        var turned = Assert.Single(await TurnedAwayAsync(stage));
        Assert.Equal((8L, 8), (turned.Count, turned.Networks.Count));
    }

    private static TurnedAwayTally Turned(Stage stage, TurnedAwayKind kind, int count, params string[] networks) =>
        new(kind, count, stage.Now, stage.Now, [.. networks.Select(network => new NetworkCount(network, count, stage.Now))]);

    private static Task AddAsync(Stage stage, string? project, params TurnedAwayTally[] tallies) =>
        stage.Engine.AddTurnedAwayAsync(project, tallies, CancellationToken.None);

    private static async Task<IReadOnlyList<TurnedAwayCount>> TurnedAwayAsync(Stage stage) =>
        (await stage.Engine.CountAsync(Project, CancellationToken.None)).TurnedAway;
}
