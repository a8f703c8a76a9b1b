using System.Text.Json;
using Kapso.Connections.Redirects;
using Kapso.Web.Customers.Redirects;
using Kapso.Web.Http;
using Kapso.Web.Projects;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Customers.Live;

/// <summary>Live changes for the page of a state: server-sent events, or one look where the browser asks for JSON.</summary>
internal static class LiveEndpoint
{
    /// <summary>The parameter of a page that came after a failure: what its browser said counts again if the setup comes to nothing.</summary>
    internal const string ErrorCode = "error_code";

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
        var visit = new Visit(parameters, project)
        {
            State = state,
            At = services.GetRequiredService<TimeProvider>().GetUtcNow(),
            BrowserLanguage = PageLanguages.OfBrowser(context.Request),
        };
        Func<Visit, CustomerStatus> statusOf =
            context.Request.Query.ContainsKey(ErrorCode) ? CustomerStatus.AfterFailure : CustomerStatus.AfterSuccess;
        if (context.Request.Headers.Accept == "application/json")
        {
            visit = visit with { Connection = await engine.FindAsync(key, context.RequestAborted) };
            await TypedResults.Ok(statusOf(visit)).ExecuteAsync(context);
            return;
        }

        var json = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        await ChangeStream.ServeAsync(context, key, state!, connection =>
        {
            var status = statusOf(visit with { Connection = connection });
            return new LiveChange($"event: status\ndata: {JsonSerializer.Serialize(status, json)}\n\n", status.IsConnected);
        });
    }
}
