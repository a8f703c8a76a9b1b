using Kapso.Engines.Budget;
using Kapso.Platform.Api;

namespace Kapso.Platform.Webhooks;

/// <summary>A test delivery that the platform was asked for.</summary>
/// <param name="Asked">The platform's answer to that.</param>
/// <param name="Took">How long it took to come, to whichever process; null where it did not within <see cref="Patience"/>.</param>
internal sealed record TestDelivery(PlatformAnswer<string> Asked, TimeSpan? Took)
{
    /// <summary>How long it may be on its way.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    /// <summary>Has the platform send one to a webhook, and waits for it.</summary>
    public static async Task<TestDelivery> SendAsync(
        IConnectionEngine engine, PlatformClient client, string projectId, string webhookId, CallPurpose purpose, TimeProvider time, CancellationToken cancellationToken)
    {
        var before = (await engine.ReadActivityAsync(projectId, cancellationToken)).LastTestDelivery;
        var started = time.GetTimestamp();
        var asked = await client.TestWebhookAsync(webhookId, purpose, cancellationToken);
        while (asked.IsDone && time.GetElapsedTime(started) < Patience)
        {
            if ((await engine.ReadActivityAsync(projectId, cancellationToken)).LastTestDelivery != before)
                return new TestDelivery(asked, time.GetElapsedTime(started));
            await Task.Delay(BetweenLooks, time, cancellationToken);
        }

        return new TestDelivery(asked, Took: null);
    }
}
