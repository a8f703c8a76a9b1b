using System.Threading.Channels;
using Npgsql;

namespace Kapso.Benchmarks.AspNetPeer;

/// <summary>
/// Sends the welcomes of the outbox and settles them. Rows are claimed and settled in batches, and the next batch is claimed
/// while the last one is still being sent.
/// </summary>
internal sealed partial class Worker(Store store, WelcomeSender sender, ILogger<Worker> logger) : BackgroundService
{
    private const int Batch = 256;

    /// <summary>Between two claims or settles, so that under load one statement is for many rows.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan IdlePoll = TimeSpan.FromSeconds(1);

    private readonly Channel<Welcome> claimed = Channel.CreateBounded<Welcome>(Batch / 2);
    private readonly Channel<long> sent = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim woken = new(0);

    /// <summary>Something new is in the outbox.</summary>
    public void Wake()
    {
        if (woken.CurrentCount == 0)
        {
            woken.Release();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        woken.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        [ClaimAsync(stoppingToken), SettleAsync(stoppingToken), .. Enumerable.Range(0, WelcomeSender.Parallelism).Select(_ => SendAsync(stoppingToken))]);

    private async Task ClaimAsync(CancellationToken stop)
    {
        while (true)
        {
            var more = false;
            try
            {
                var welcomes = await store.ClaimAsync(Batch, stop);
                more = welcomes.Count == Batch;
                foreach (var welcome in welcomes)
                {
                    await claimed.Writer.WriteAsync(welcome, stop);
                }
            }
            catch (NpgsqlException exception)
            {
                LogClaimFailed(exception);
            }

            await Task.Delay(Gather, stop);
            if (!more)
            {
                await woken.WaitAsync(IdlePoll, stop);
            }
        }
    }

    private async Task SendAsync(CancellationToken stop)
    {
        await foreach (var welcome in claimed.Reader.ReadAllAsync(stop))
        {
            try
            {
                await sender.SendAsync(welcome, stop);
                sent.Writer.TryWrite(welcome.Id);
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
            {
                LogSendFailed(exception);
                await PostponeAsync(welcome, stop);
            }
        }
    }

    private async Task PostponeAsync(Welcome welcome, CancellationToken stop)
    {
        try
        {
            await store.PostponeAsync(welcome.Id, stop);
        }
        catch (NpgsqlException exception)
        {
            LogPostponeFailed(exception);
        }
    }

    /// <summary>One settle at a time: what is sent meanwhile goes with the next.</summary>
    private async Task SettleAsync(CancellationToken stop)
    {
        var ids = new List<long>();
        while (await sent.Reader.WaitToReadAsync(stop))
        {
            ids.Clear();
            while (sent.Reader.TryRead(out var id))
            {
                ids.Add(id);
            }

            try
            {
                await store.SettleAsync([.. ids], stop);
            }
            catch (NpgsqlException exception)
            {
                // Not settled: the lease runs out and they are sent again with the same id.
                LogSettleFailed(exception);
            }

            await Task.Delay(Gather, stop);
        }
    }

    [LoggerMessage(LogLevel.Error, "Welcomes could not be claimed.")]
    private partial void LogClaimFailed(Exception exception);

    [LoggerMessage(LogLevel.Error, "A welcome could not be sent.")]
    private partial void LogSendFailed(Exception exception);

    [LoggerMessage(LogLevel.Error, "A welcome could not be put off.")]
    private partial void LogPostponeFailed(Exception exception);

    [LoggerMessage(LogLevel.Error, "Welcomes could not be settled.")]
    private partial void LogSettleFailed(Exception exception);
}
