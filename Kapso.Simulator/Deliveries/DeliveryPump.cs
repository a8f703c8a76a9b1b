using Kapso.Simulator.World;

namespace Kapso.Simulator.Deliveries;

/// <summary>Sends deliveries when they are due, repeats them after 10, 40 and 90 seconds, and pauses webhooks that fail.</summary>
internal sealed partial class DeliveryPump : BackgroundService
{
    private const int MostAtATime = 32;
    private static readonly TimeSpan[] Retries = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(90)];
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly SimulatedPlatform _platform;
    private readonly WebhookSender _sender;
    private readonly ILogger<DeliveryPump> _logger;
    private readonly PauseRule _pause = new();
    private readonly Lock _pauseGate = new();
    private readonly SemaphoreSlim _places = new(MostAtATime);
    private TaskCompletionSource _wake = NewWake();

    public DeliveryPump(SimulatedPlatform platform, WebhookSender sender, ILogger<DeliveryPump> logger)
    {
        (_platform, _sender, _logger) = (platform, sender, logger);
        platform.Deliveries.Changed += Wake;
        platform.Clock.Changed += Wake;
    }

    public override void Dispose()
    {
        _platform.Deliveries.Changed -= Wake;
        _platform.Clock.Changed -= Wake;
        _places.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Before looking: what comes after the look wakes the wait.
            var wake = Interlocked.Exchange(ref _wake, NewWake());
            wake.TrySetResult();
            var next = Volatile.Read(ref _wake);

            foreach (var delivery in _platform.Deliveries.TakeDue(_platform.Clock.UtcNow))
            {
                await _places.WaitAsync(stoppingToken);
                _ = SendAsync(delivery, stoppingToken);
            }

            await WaitAsync(next.Task, stoppingToken);
        }
    }

    private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Wake() => Volatile.Read(ref _wake).TrySetResult();

    private async Task WaitAsync(Task wake, CancellationToken stoppingToken)
    {
        var wait = _platform.Deliveries.NextDueAt is { } due
            ? _platform.Clock.ToReal(due - _platform.Clock.UtcNow)
            : LongestWait;
        if (wait <= TimeSpan.Zero)
            return;

        // A timer counts whole milliseconds: one too early would find nothing due.
        wait = wait < LongestWait ? wait + TimeSpan.FromMilliseconds(1) : LongestWait;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(wake, Task.Delay(wait, _platform.Clock.Real, enough.Token));
        await enough.CancelAsync();
    }

    private async Task SendAsync(Delivery delivery, CancellationToken stoppingToken)
    {
        try
        {
            if (_platform.FindWebhook(delivery.WebhookId) is not { } webhook)
                return;
            var sentAt = _platform.Clock.UtcNow;
            var (ok, answer) = await _sender.SendAsync(webhook, delivery, _platform.ProjectId, stoppingToken);
            if (!stoppingToken.IsCancellationRequested)
                Settle(delivery, new DeliveryAttempt(sentAt, answer), ok);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A delivery that cannot be sent at all must not end the others.
            LogBroken(_logger, exception, delivery.Id);
            Settle(delivery, new DeliveryAttempt(_platform.Clock.UtcNow, exception.GetType().Name), ok: false);
        }
        finally
        {
            _places.Release();
        }
    }

    private void Settle(Delivery delivery, DeliveryAttempt attempt, bool ok)
    {
        var now = _platform.Clock.UtcNow;
        var batch = !ok && delivery.Shape == DeliveryShape.Batch;
        var again = !ok && !batch && delivery.Attempts.Count < Retries.Length;
        _platform.Deliveries.Settle(
            delivery,
            attempt,
            ok ? DeliveryStatus.Delivered : again ? DeliveryStatus.Pending : DeliveryStatus.Failed,
            again ? now + Retries[delivery.Attempts.Count] : delivery.DueAt);
        LogAttempt(_logger, delivery.Event, delivery.Id, attempt.Answer);

        bool pauses;
        lock (_pauseGate)
            pauses = _pause.Pauses(delivery.WebhookId, !ok, now);
        if (pauses)
        {
            _platform.ChangeWebhook(delivery.WebhookId, webhook => webhook with { Active = false });
            _platform.Deliveries.FailPending(delivery.WebhookId);
            LogPaused(_logger, delivery.WebhookId);
        }
        else if (batch)
        {
            _platform.SendSingly(delivery);
        }
    }
}
