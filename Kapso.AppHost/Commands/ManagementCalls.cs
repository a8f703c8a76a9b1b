using System.Net.Http.Headers;
using System.Text.Json;
using Kapso.AppHost.Settings;

namespace Kapso.AppHost.Commands;

/// <summary>Calls of the management API, and their answers for people.</summary>
internal static class ManagementCalls
{
    /// <summary>Has a request go to something of the project, and bring the management key.</summary>
    /// <param name="request">A request to the API.</param>
    /// <param name="path">What is asked for, behind <c>/api/projects/{project_id}/</c>.</param>
    /// <param name="settings">The project, and its key.</param>
    /// <param name="stop">Ends the waiting for them.</param>
    public static async Task AimAsync(this HttpRequestMessage request, string path, KapsoSettings settings, CancellationToken stop)
    {
        var project = Uri.EscapeDataString(await settings.ProjectId.ValueAsync(stop));
        request.RequestUri = new Uri(request.RequestUri!, $"/api/projects/{project}/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await settings.ManagementKey.ValueAsync(stop));
    }

    /// <summary>Asks for something else of the project.</summary>
    public static async Task<HttpResponseMessage> CallAsync(
        this HttpCommandResultContext context, HttpMethod method, string path, KapsoSettings settings)
    {
        using var request = new HttpRequestMessage(method, context.Response.RequestMessage!.RequestUri);
        await request.AimAsync(path, settings, context.CancellationToken);
        return await context.HttpClient.SendAsync(request, context.CancellationToken);
    }

    /// <summary>The parameter's value; a parameter without one counts as empty.</summary>
    public static async Task<string> ValueAsync(this IResourceBuilder<ParameterResource> parameter, CancellationToken stop) =>
        await parameter.Resource.GetValueAsync(stop) ?? "";

    /// <summary>The JSON of an answer.</summary>
    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage answer, CancellationToken stop) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(stop));

    /// <summary>Shows an answer's JSON, or what was wrong.</summary>
    public static async Task<ExecuteCommandResult> ShowAsync(this HttpResponseMessage answer, string what, CancellationToken stop)
    {
        var json = Readable.Indent(await answer.Content.ReadAsStringAsync(stop));
        return answer.IsSuccessStatusCode
            ? CommandResults.Success(what, json, CommandResultFormat.Json, displayImmediately: true)
            : CommandResults.Failure($"{what}: {(int)answer.StatusCode} {answer.ReasonPhrase}.", json, CommandResultFormat.Json);
    }
}
