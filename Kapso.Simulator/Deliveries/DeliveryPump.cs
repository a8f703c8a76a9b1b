namespace Kapso.Simulator.Deliveries;

/// <summary>Sends deliveries when they are due, repeats them after 10, 40 and 90 seconds, and pauses webhooks that fail.</summary>
internal sealed partial class DeliveryPump(SimulatedPlatform platform, WebhookSender sender, ILogger<DeliveryPump> logger) : BackgroundService
{
    private const int MostAtATime = 32;
    private static readonly TimeSpan[] Retries = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(90)];
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly PauseRule _pause = new();
    private readonly Lock _pauseGate = new();
    private readonly SemaphoreSlim _places = new(MostAtATime);
    private volatile TaskCompletionSource _wake = new();

    public override void Dispose()
    {
        platform.Deliveries.Changed -= Wake;
        platform.Clock.Changed -= Wake;
        _places.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        platform.Deliveries.Changed += Wake;
        platform.Clock.Changed += Wake;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Before looking: what comes after the look wakes the wait.
            var wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _wake = wake;
            foreach (var delivery in platform.Deliveries.TakeDue(platform.Clock.UtcNow))
            {
                await _places.WaitAsync(stoppingToken);
                _ = SendAsync(delivery, stoppingToken);
            }

            await wake.Task.WaitAsync(UntilNext(), platform.Clock.Real, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Wake() => _wake.TrySetResult();

    private TimeSpan UntilNext()
    {
        if (platform.Deliveries.NextDueAt is not { } due)
            return LongestWait;
        var wait = platform.Clock.ToReal(due - platform.Clock.UtcNow);
        if (wait <= TimeSpan.Zero)
            return TimeSpan.Zero;

        // A timer counts whole milliseconds: one too early would find nothing due.
        return wait < LongestWait ? wait + TimeSpan.FromMilliseconds(1) : LongestWait;
    }

    private async Task SendAsync(Delivery delivery, CancellationToken stoppingToken)
    {
        try
        {
            if (platform.FindWebhook(delivery.WebhookId) is not { } webhook)
                return;
            var sentAt = platform.Clock.UtcNow;
            var (ok, answer) = await sender.SendAsync(webhook, delivery, platform.ProjectId, stoppingToken);
            if (!stoppingToken.IsCancellationRequested)
                Settle(delivery, new DeliveryAttempt(sentAt, answer), ok);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A delivery that cannot be sent at all must not end the others.
            LogBroken(exception, delivery.Id);
            Settle(delivery, new DeliveryAttempt(platform.Clock.UtcNow, exception.GetType().Name), ok: false);
        }
        finally
        {
            _places.Release();
        }
    }

    private void Settle(Delivery delivery, DeliveryAttempt attempt, bool ok)
    {
        var now = platform.Clock.UtcNow;
        var batch = !ok && delivery.Shape == DeliveryShape.Batch;
        var again = !ok && !batch && delivery.Attempts.Count < Retries.Length;
        platform.Deliveries.Settle(
            delivery,
            attempt,
            ok ? DeliveryStatus.Delivered : again ? DeliveryStatus.Pending : DeliveryStatus.Failed,
            again ? now + Retries[delivery.Attempts.Count] : delivery.DueAt);
        LogAttempt(delivery.Event, delivery.Id, attempt.Answer);

        bool pauses;
        lock (_pauseGate)
            pauses = _pause.Pauses(delivery.WebhookId, !ok, now);
        if (pauses)
        {
            platform.ChangeWebhook(delivery.WebhookId, webhook => webhook with { Active = false });
            platform.Deliveries.FailPending(delivery.WebhookId);
            LogPaused(delivery.WebhookId);
        }
        else if (batch)
        {
            platform.SendSingly(delivery);
        }
    }
}
