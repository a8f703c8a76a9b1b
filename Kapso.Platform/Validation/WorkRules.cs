using System.Globalization;
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
        if (string.IsNullOrWhiteSpace(options.Store.Path))
            mistakes.Add("Store:Path", "does not name a file: it is empty; set, for example, ./data/kapso.db.");
        else if (Path.EndsInDirectorySeparator(options.Store.Path))
            mistakes.Add("Store:Path", "does not name a file: it names a folder; set, for example, ./data/kapso.db.");

        CheckOutbox(options, mistakes);

        mistakes.AddUnlessWithin("Parked:MaxAge", options.Parked.MaxAge, TimeSpan.FromHours(1), TimeSpan.FromDays(3650));
        mistakes.AddUnlessWithin("Audit:Keep", options.Audit.Keep, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        mistakes.AddUnlessWithin("Reconcile:Interval", options.Reconcile.Interval, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
        mistakes.AddUnlessWithin("Welcome:GoneFor", options.Welcome.GoneFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(366));
        mistakes.AddUnlessWithin("Parked:MaxCount", options.Parked.MaxCount, 1, 1_000_000);
    }

    private static void CheckOutbox(KapsoOptions options, Mistakes mistakes)
    {
        var outbox = options.Outbox;
        mistakes.AddUnlessWithin("Outbox:Parallelism", outbox.Parallelism, 1, 1_000);
        mistakes.AddUnlessWithin("Outbox:MaxAttempts", outbox.MaxAttempts, 1, 100);
        if (outbox.RetryDelay <= TimeSpan.Zero)
            mistakes.Add("Outbox:RetryDelay", "is out of range: set more than 0.");
        else if (outbox.RetryDelay > outbox.MaxRetryDelay)
            mistakes.Add("Outbox:RetryDelay", $"is out of range: it is longer than Kapso:Outbox:MaxRetryDelay ({Text(outbox.MaxRetryDelay)}).");
        if (outbox.MaxRetryDelay <= TimeSpan.Zero)
            mistakes.Add("Outbox:MaxRetryDelay", "is out of range: set more than 0.");
        else if (outbox.MaxRetryDelay > ConnectionPolicy.MaxPutOff)
            mistakes.Add("Outbox:MaxRetryDelay", "is out of range: set at most 1.00:00:00 (a day).");
        if (outbox.Lease > LongestLease)
            mistakes.Add("Outbox:Lease", "is out of range: set at most 01:00:00.");
        else if (outbox.Lease <= TimeSpan.Zero)
            mistakes.Add("Outbox:Lease", "is too short: set more than 0.");
        else if (Sends(options).Where(send => outbox.Lease <= send.Longest).OrderByDescending(send => send.Longest).FirstOrDefault() is { What: { } what } send)
            mistakes.Add("Outbox:Lease", $"is too short: set more than {Text(send.Longest)}, {what}, so that no attempt is overtaken by the next.");
    }

    /// <summary>How long sends take at most. A lease that ended before the send did would let a second attempt overtake the first.</summary>
    private static IEnumerable<(TimeSpan Longest, string What)> Sends(KapsoOptions options)
    {
        if (options.Welcome.Flow == WelcomeFlow.Callback)
            yield return (options.Welcome.Callback.Timeout, "which is Kapso:Welcome:Callback:Timeout");
        if (options.Welcome.Flow == WelcomeFlow.Template)
            yield return (TemplateWelcome.LongestLook, "the time that a look for a template takes");
        if (options.Notify.Url is not null)
            yield return (options.Notify.Timeout, "which is Kapso:Notify:Timeout");
        for (var i = 0; i < options.Notify.Receivers.Count; i++)
            yield return (options.Notify.Receivers[i].Timeout, string.Create(CultureInfo.InvariantCulture, $"which is Kapso:Notify:Receivers:{i}:Timeout"));
        if (options.Projects.Any(project => project.ApiKey is not null))
            yield return (PlatformTimings.Default.Call, "the time that a call to the platform takes, since a project has an ApiKey");
    }

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);
}
