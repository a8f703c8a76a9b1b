using System.Text.Json;
using Kapso.Connections;
using Kapso.Connections.Engine;
using Kapso.Connections.Redirects;
using Kapso.Web.Hosting;
using Kapso.Web.Pages;
using Kapso.Web.Redirects;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Live;

/// <summary>Live changes for the page of a state: server-sent events, or one look where the browser asks for JSON.</summary>
internal static class LiveEndpoint
{
    /// <summary>Serves <c>GET /whatsapp/success/{state}/events</c>.</summary>
    public static async Task ServeAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var engine = services.GetRequiredService<IConnectionEngine>();
        var projects = services.GetRequiredService<ProjectDirectory>();
        var state = context.Request.RouteValues["state"] as string;
        if (!States.IsWellFormed(state)
            || await engine.FindByStateAsync(state!, context.RequestAborted) is not { } key
            || !projects.TryFind(key.ProjectId, out var project))
        {
            await Problems.NotFound("No such page.").ExecuteAsync(context);
            return;
        }

        var parameters = RedirectReader.Read(context.Request.Query.Select(
            parameter => KeyValuePair.Create(parameter.Key, parameter.Value.ToArray())));
        var visit = new Visit(parameters, project) { State = state };
        if (context.Request.Headers.Accept == "application/json")
        {
            visit = visit with { Connection = await engine.FindAsync(key, context.RequestAborted) };
            await TypedResults.Ok(CustomerStatus.AfterSuccess(visit)).ExecuteAsync(context);
            return;
        }

        var slots = services.GetRequiredService<StreamSlots>();
        if (slots.Take(state!) is { } refused)
        {
            context.Response.Headers.RetryAfter = "60";
            await TypedResults.Problem(statusCode: refused, detail: "Too many live pages are open. Reload the page instead.")
                .ExecuteAsync(context);
            return;
        }

        try
        {
            await StreamAsync(context, engine, key, visit);
        }
        finally
        {
            slots.Return(state!);
        }
    }

    private static async Task StreamAsync(HttpContext context, IConnectionEngine engine, CustomerKey key, Visit visit)
    {
        var limits = context.RequestServices.GetRequiredService<WebLimits>();
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        using var end = new CancellationTokenSource(limits.StreamDuration, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(end.Token, context.RequestAborted);

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var changes = engine.WatchAsync(key, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = changes.MoveNextAsync().AsTask();
        try
        {
            CustomerStatus? shown = null;
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

                var status = CustomerStatus.AfterSuccess(visit with { Connection = changes.Current });
                if (status != shown)
                {
                    await WriteAsync(context, $"event: status\ndata: {JsonSerializer.Serialize(status, json)}\n\n", stop.Token);
                    shown = status;
                }

                if (status.IsConnected)
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
