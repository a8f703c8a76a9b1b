using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Kapso.Silo.Tests.Stores;
using Kapso.Testing.SignIn;

namespace Kapso.Silo.Tests.Operators;

/// <summary>Keys with roles and single sign-on where several API processes serve: what one knows, the others do.</summary>
public sealed class ClusterAccessTests
{
    private const string Reader = "key-of-somebody-who-reads";
    private static readonly string Overview = $"ops/{CrashProject.Id}";

    [BrowserFact]
    public async Task A_sign_in_at_the_provider_and_what_keys_are_refused_hold_in_every_process()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var provider = await LoginProvider.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        var settings = new Dictionary<string, string>(Hosts.SettingsOn(redis))
        {
            ["Kapso:Management:Keys:0:Name"] = "reader",
            ["Kapso:Management:Keys:0:Key"] = Reader,
            ["Kapso:Management:Keys:0:Role"] = "read",
        };
        foreach (var (name, value) in provider.Settings)
            settings[name] = value;
        await using var silo = await ServiceProcess.StartAsync(Hosts.Silo, settings, patience.Token);
        await using var one = await ServiceProcess.StartAsync(Hosts.Api, settings, patience.Token);
        await using var other = await ServiceProcess.StartAsync(Hosts.Api, settings, patience.Token);
        await Task.WhenAll(one.UntilReadyAsync(patience.Token), other.UntilReadyAsync(patience.Token));

        await using var visitor = await Visitor.OpenAsync(one.Address, provider: provider.Address);
        await visitor.GoAsync(Overview);
        await visitor.FollowAsync("Sign in with single sign-on");
        await visitor.FollowAsync("operate");
        await visitor.SeeAsync("Needs a person");
        visitor.AssertNoComplaints();
        await visitor.GoAsync(new Uri(other.Address, Overview).AbsoluteUri);
        await visitor.SeeAsync("Needs a person");
        await visitor.SeeAsync("somebody who may operate operate");

        var act = $"api/projects/{CrashProject.Id}/customers/customer-1/redirect_urls";
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(other, HttpMethod.Post, act)).Status);
        var (status, audit) = await AskAsync(one, HttpMethod.Get, $"api/projects/{CrashProject.Id}/audit");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            [("redirect_urls.make", "reader", "refused"), ("sign_in", "somebody who may operate", "done")],
            audit.GetProperty("items").EnumerateArray().Select(line =>
                (line.GetProperty("action").GetString(), line.GetProperty("by").GetString(), line.GetProperty("outcome").GetString())));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(ServiceProcess process, HttpMethod method, string path)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(process.Address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Reader);
        using var response = await client.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }
}
