using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kapso.Platform.Settings;
using Kapso.Tests.Web;

namespace Kapso.Tests.Access;

/// <summary>A service with a key for each role beside the one that has no name.</summary>
internal static class Keyed
{
    /// <summary>A key that may do what its role may; its name is the role's.</summary>
    public static string KeyOf(ManagementRole role) => $"key-that-may-{Name(role)}-only";

    public static string Name(ManagementRole role) => role.ToString().ToLowerInvariant();

    public static Task<WebHost> StartAsync(TimeProvider? time = null, DateTimeOffset? expires = null, bool server = false) => WebHost.StartAsync(
        options => AddKeys(options, expires), time: time, server: server, environment: server ? "Development" : "Production");

    public static void AddKeys(KapsoOptions options, DateTimeOffset? expires = null)
    {
        foreach (var role in Enum.GetValues<ManagementRole>())
            options.Management.Keys.Add(new ManagementKeyOptions { Name = Name(role), Key = KeyOf(role), Role = role, Expires = expires });
    }

    public static async Task<HttpResponseMessage> AskAsync(this WebHost host, string key, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return await host.Client.SendAsync(request);
    }

    public static async Task<string> DetailOf(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("detail").GetString()!;
}
