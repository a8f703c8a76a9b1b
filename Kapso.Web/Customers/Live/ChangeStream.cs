using Kapso.Web.Http;
using Kapso.Web.TurnedAway;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kapso.Web.Customers.Live;

/// <summary>What a live page is told of a connection.</summary>
/// <param name="Text">The event as it goes over the wire; the same again is not sent.</param>
/// <param name="Ends">Whether the page has seen all that it waits for.</param>
internal readonly record struct LiveChange(string Text, bool Ends);

/// <summary>Tells a live page of a customer's changes as server-sent events.</summary>
internal static class ChangeStream
{
    /// <summary>Streams until the page leaves, has seen all, or is as old as streams get; or refuses where too many are open.</summary>
    /// <param name="context">The request.</param>
    /// <param name="key">Whose changes.</param>
    /// <param name="owner">Who watches: each has a few streams only.</param>
    /// <param name="tell">What the page is told of the connection as it is.</param>
    public static async Task ServeAsync(HttpContext context, CustomerKey key, string owner, Func<Connection, LiveChange> tell)
    {
        var slots = context.RequestServices.GetRequiredService<StreamSlots>();
        if (slots.Take(owner) is { } refused)
        {
            context.RequestServices.GetRequiredService<TurnedAwayCounter>().Count(TurnedAwayKind.StreamLimited, key.ProjectId, context);
            context.Response.Headers.RetryAfter = "60";
            await TypedResults.Problem(statusCode: refused, detail: "Too many live pages are open. Reload the page instead.")
                .ExecuteAsync(context);
            return;
        }

        try
        {
            await StreamAsync(context, key, tell);
        }
        finally
        {
            slots.Return(owner);
        }
    }

    private static async Task StreamAsync(HttpContext context, CustomerKey key, Func<Connection, LiveChange> tell)
    {
        var limits = context.RequestServices.GetRequiredService<WebLimits>();
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        using var end = new CancellationTokenSource(limits.StreamDuration, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(end.Token, context.RequestAborted);

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var changes = context.RequestServices.GetRequiredService<IConnectionEngine>()
            .WatchAsync(key, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = changes.MoveNextAsync().AsTask();
        try
        {
            string? told = null;
            while (true)
            {
                try
                {
                    if (!await next.WaitAsync(limits.StreamHeartbeat, time, stop.Token))
                        return;
                }
                catch (TimeoutException)
                {
                    await WriteAsync(context, ":\n\n", stop.Token);
                    continue;
                }

                var change = tell(changes.Current);
                if (change.Text != told)
                    await WriteAsync(context, told = change.Text, stop.Token);
                if (change.Ends)
                    return;
                next = changes.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The browser left, or the stream is as old as streams get.
        }
        finally
        {
            // An enumerator that is still looking for the next change cannot be disposed.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await changes.DisposeAsync();
        }
    }

    private static async Task WriteAsync(HttpContext context, string text, CancellationToken stop)
    {
        await context.Response.WriteAsync(text, stop);
        await context.Response.Body.FlushAsync(stop);
    }
}
