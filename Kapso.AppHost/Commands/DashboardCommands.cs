using System.Net.Http.Headers;
using Kapso.AppHost.Settings;

namespace Kapso.AppHost.Commands;

/// <summary>What the dashboard can do with the running service.</summary>
internal static class DashboardCommands
{
    /// <summary>Adds <em>Send a signed test connection</em> and <em>Show held effects</em>.</summary>
    /// <param name="api">Gets the commands.</param>
    /// <param name="settings">What requests are signed with.</param>
    /// <param name="simulator">The simulated platform, which is then told of what was made up.</param>
    public static IResourceBuilder<ProjectResource> WithKapsoCommands(
        this IResourceBuilder<ProjectResource> api, KapsoSettings settings, EndpointReference? simulator) => api
        .WithHttpCommand(
            "/webhooks/project",
            "Send a signed test connection",
            endpointName: "http",
            commandName: "test-connection",
            commandOptions: new HttpCommandOptions
            {
                Description = "Sends the webhook of a made-up customer who connected a number, and shows the connection.",
                IconName = "PlugConnected",
                IsHighlighted = true,
                Method = HttpMethod.Post,
                PrepareRequest = context => TestConnection.PrepareAsync(context, settings, simulator),
                GetCommandResult = context => TestConnection.ShowAsync(context, settings),
            })
        .WithHttpCommand(
            "/api/projects",
            "Show held effects",
            endpointName: "http",
            commandName: "held-effects",
            commandOptions: new HttpCommandOptions
            {
                Description = "Shows the effects whose outcome is unknown and that wait for a person.",
                IconName = "PersonAlert",
                Method = HttpMethod.Get,
                PrepareRequest = async context =>
                {
                    var project = Uri.EscapeDataString(await settings.ProjectId.ValueAsync(context.CancellationToken));
                    context.Request.RequestUri = new Uri(context.Request.RequestUri!, $"/api/projects/{project}/effects?status=held");
                    await context.Request.AuthorizeAsync(settings, context.CancellationToken);
                },
                GetCommandResult = async context => await context.Response.ShowAsync("Held effects", context.CancellationToken),
            });

    /// <summary>Has the request bring the management key.</summary>
    public static async Task AuthorizeAsync(this HttpRequestMessage request, KapsoSettings settings, CancellationToken stop) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await settings.ManagementKey.ValueAsync(stop));

    /// <summary>The parameter's value; a parameter without one counts as empty.</summary>
    public static async Task<string> ValueAsync(this IResourceBuilder<ParameterResource> parameter, CancellationToken stop) =>
        await parameter.Resource.GetValueAsync(stop) ?? "";

    /// <summary>Shows an answer's JSON, or what was wrong.</summary>
    public static async Task<ExecuteCommandResult> ShowAsync(this HttpResponseMessage answer, string what, CancellationToken stop)
    {
        var json = Readable.Indent(await answer.Content.ReadAsStringAsync(stop));
        return answer.IsSuccessStatusCode
            ? CommandResults.Success(what, json, CommandResultFormat.Json, displayImmediately: true)
            : CommandResults.Failure($"{what}: {(int)answer.StatusCode} {answer.ReasonPhrase}.", json, CommandResultFormat.Json);
    }
}
