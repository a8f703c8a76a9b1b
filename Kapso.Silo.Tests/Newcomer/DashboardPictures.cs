namespace Kapso.Silo.Tests.Newcomer;

/// <summary>
/// Takes the README's pictures of the running dashboard into the folder <c>KAPSO_PICTURES</c>: see <c>docs/images/take.sh</c>.
/// Without it there is nothing to do.
/// </summary>
public sealed class DashboardPictures
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("KAPSO_PICTURES");

    public static bool IsWanted => Folder is not null;

    [Fact(SkipUnless = nameof(IsWanted), Skip = "The README's pictures are taken by docs/images/take.sh.")]
    public async Task The_pictures_of_the_dashboard_are_taken_from_a_running_application()
    {
        using var machine = new Machine("redis-server");
        await using var run = AppHostRun.Start(machine);
        await using var dashboard = await Dashboard.OpenAsync(await run.DashboardAsync());
        await dashboard.SeeHealthyAsync(("redis", 1), ("silo", 2), ("api", 1), ("simulator", 1));
        await dashboard.PictureAsync(PathOf("dashboard-resources"));

        await NewcomerTests.SeeItWorkAsync(machine);
        await NewcomerTests.PlayASetupLinkAsync(machine);
        await dashboard.OpenTraceAsync("POST /webhooks/project/{project_id}", "kapso.effect", "redis");
        await dashboard.PictureAsync(PathOf("dashboard-trace"));

        await dashboard.SeeLogAsync("log.message", "Welcome, customer");
        await dashboard.GoAsync("/structuredlogs");
        await dashboard.SeeTextAsync("Welcome, customer");
        await dashboard.PictureAsync(PathOf("dashboard-logs"));
        await run.InterruptAsync();
    }

    private static string PathOf(string picture) => Path.Combine(Folder!, picture + ".png");
}
