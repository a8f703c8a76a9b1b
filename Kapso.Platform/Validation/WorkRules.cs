using Kapso.Platform.Api;
using Kapso.Platform.Effects;
using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>Rules for the store, the outbox and what is kept.</summary>
internal static class WorkRules
{
    private static readonly TimeSpan LongestLease = TimeSpan.FromHours(1);

    public static void Check(KapsoOptions options, Mistakes mistakes)
    {
        if (string.IsNullOrWhiteSpace(options.Store.Path) || Path.EndsInDirectorySeparator(options.Store.Path))
            mistakes.Add("Store:Path", "does not name a file: set, for example, ./data/kapso.db.");

        CheckOutbox(options, mistakes);

        if (options.Parked.MaxAge < TimeSpan.FromHours(1) || options.Parked.MaxAge > TimeSpan.FromDays(3650))
            mistakes.Add("Parked:MaxAge", "is out of range: set 01:00:00 (an hour) to 3650.00:00:00 (ten years).");
        if (options.Reconcile.Interval < TimeSpan.FromMinutes(1) || options.Reconcile.Interval > TimeSpan.FromDays(1))
            mistakes.Add("Reconcile:Interval", "is out of range: set 00:01:00 to 1.00:00:00 (a day).");
        if (options.Welcome.GoneFor < TimeSpan.FromMinutes(1) || options.Welcome.GoneFor > TimeSpan.FromDays(366))
            mistakes.Add("Welcome:GoneFor", "is out of range: set 00:01:00 to 366.00:00:00 (a year).");
        if (options.Parked.MaxCount is < 1 or > 1_000_000)
            mistakes.Add("Parked:MaxCount", "is out of range: set 1 to 1000000.");
    }

    private static void CheckOutbox(KapsoOptions options, Mistakes mistakes)
    {
        var outbox = options.Outbox;
        if (outbox.Parallelism is < 1 or > 1_000)
            mistakes.Add("Outbox:Parallelism", "is out of range: set 1 to 1000.");
        if (outbox.MaxAttempts is < 1 or > 100)
            mistakes.Add("Outbox:MaxAttempts", "is out of range: set 1 to 100.");
        if (outbox.RetryDelay <= TimeSpan.Zero || outbox.RetryDelay > outbox.MaxRetryDelay)
            mistakes.Add("Outbox:RetryDelay", "is out of range: set more than 0, and at most Kapso:Outbox:MaxRetryDelay.");
        if (outbox.MaxRetryDelay <= TimeSpan.Zero || outbox.MaxRetryDelay > ConnectionPolicy.MaxPutOff)
            mistakes.Add("Outbox:MaxRetryDelay", "is out of range: set more than 0 and at most 1.00:00:00 (a day).");
        if (outbox.Lease > LongestLease)
            mistakes.Add("Outbox:Lease", "is out of range: set at most 01:00:00.");

        // A lease that ended before the send did would let a second attempt overtake the first.
        var longest = options.Welcome.Flow == WelcomeFlow.Callback ? options.Welcome.Callback.Timeout : TimeSpan.Zero;
        if (options.Notify.Url is not null && options.Notify.Timeout > longest)
            longest = options.Notify.Timeout;
        if (options.Projects.Any(project => project.ApiKey is not null) && PlatformTimings.Default.Call > longest)
            longest = PlatformTimings.Default.Call;
        if (options.Welcome.Flow == WelcomeFlow.Template && TemplateWelcome.LongestLook > longest)
            longest = TemplateWelcome.LongestLook;
        if (outbox.Lease <= longest || outbox.Lease <= TimeSpan.Zero)
            mistakes.Add("Outbox:Lease", "is too short: set more than every Timeout of a receiver, and more than 00:00:20 where a project has an ApiKey (00:00:30 where the welcome is a template), so that no attempt is overtaken.");
    }
}
