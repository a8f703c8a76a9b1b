using System.Diagnostics;
using System.Text.Json;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>What is published, by the command that publishes it.</summary>
public sealed class ManifestTests
{
    [Theory]
    [InlineData("auto")]
    [InlineData("redis-server")]
    [InlineData("valkey-server")]
    [InlineData("garnet")]
    public async Task Whatever_runs_here_what_is_published_is_a_container_that_keeps_what_it_acknowledges(string setting)
    {
        using var machine = new StubMachine();
        machine.Remember("garnet");
        var redis = (await PublishAsync($"--Redis={setting}", "--PATH=", $"--Redis:Folder={machine.Folder}")).GetProperty("redis");

        Assert.Equal("container.v0", redis.GetProperty("type").GetString());
        Assert.Equal("garnet", machine.Remembered);

        // One command line for a shell: what came after it would be the shell's own arguments and count for nothing.
        var arguments = redis.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!).ToArray();
        Assert.Equal("-c", arguments[0]);
        Assert.Contains("--appendonly yes --appendfsync always", arguments[1], StringComparison.Ordinal);
        Assert.Equal(2, arguments.Length);
        Assert.Equal("/data", redis.GetProperty("volumes")[0].GetProperty("target").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("redis.example.com:6379,password=do-not-publish")]
    public async Task Silo_and_api_find_redis_and_each_other(string? redis)
    {
        var resources = await PublishAsync(redis is null ? [] : [$"--Redis={redis}"]);

        foreach (var process in (string[])["silo", "api"])
        {
            var environment = resources.GetProperty(process).GetProperty("env");
            Assert.Equal("kapso", environment.GetProperty("Orleans__ServiceId").GetString());
            Assert.Equal("kapso", environment.GetProperty("Orleans__ClusterId").GetString());
            Assert.Equal("Redis", environment.GetProperty("Orleans__Clustering__ProviderType").GetString());
            Assert.Equal("{redis.connectionString}", environment.GetProperty("ConnectionStrings__redis").GetString());
        }

        var silo = resources.GetProperty("silo").GetProperty("env");
        Assert.Equal("Redis", silo.GetProperty("Orleans__Reminders__ProviderType").GetString());
        Assert.Equal("Redis", silo.GetProperty("Orleans__GrainStorage__connections__ProviderType").GetString());
        Assert.DoesNotContain("do-not-publish", resources.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_asked_for_and_the_silos_get_only_those_that_they_need()
    {
        var resources = await PublishAsync("--Kapso:Notify:Secret=do-not-publish", "--Kapso:Notify:Url=https://app.example.com/kapso");

        var (silo, api) = (resources.GetProperty("silo").GetProperty("env"), resources.GetProperty("api").GetProperty("env"));
        Assert.Equal("{webhook-secret.value}", api.GetProperty("Kapso__Projects__0__WebhookSecrets__0").GetString());
        Assert.Equal("{management-key.value}", api.GetProperty("Kapso__Management__ApiKey").GetString());
        Assert.Equal("{api.bindings.https.url}", api.GetProperty("Kapso__PublicUrl").GetString());
        Assert.Equal("{welcome-secret.value}", silo.GetProperty("Kapso__Welcome__Callback__Secret").GetString());
        Assert.Equal("https://app.example.com/kapso", silo.GetProperty("Kapso__Notify__Url").GetString());
        Assert.Equal("{api-key.value}", silo.GetProperty("Kapso__Projects__0__ApiKey").GetString());
        Assert.False(resources.TryGetProperty("simulator", out _), "The simulated platform is for runs on this machine.");
        Assert.False(silo.TryGetProperty("Kapso__Management__ApiKey", out _));
        Assert.False(silo.TryGetProperty("Kapso__Projects__0__WebhookSecrets__0", out _));
        Assert.False(api.TryGetProperty("ASPNETCORE_FORWARDEDHEADERS_ENABLED", out _), "Anybody's forwarded headers would count.");
        Assert.True(resources.GetProperty("webhook-secret").GetProperty("inputs").GetProperty("value").GetProperty("secret").GetBoolean());
        Assert.DoesNotContain("do-not-publish", resources.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silos_pages_are_http_and_its_other_ports_tcp_and_none_is_open_to_the_world()
    {
        var resources = await PublishAsync();
        var bindings = resources.GetProperty("silo").GetProperty("bindings").EnumerateObject()
            .ToDictionary(binding => binding.Name, binding => (Scheme: binding.Value.Text("scheme"), Protocol: binding.Value.Text("protocol"), Transport: binding.Value.Text("transport")));

        // azd takes http and https as the resource's ingress, and tcp as ports beside it that other resources reach.
        Assert.Equal(("http", "tcp", "http"), bindings["http"]);
        Assert.Equal(("tcp", "tcp", "tcp"), bindings["orleans-silo"]);
        Assert.Equal(("tcp", "tcp", "tcp"), bindings["orleans-gateway"]);
        foreach (var process in (string[])["silo", "redis"])
            Assert.DoesNotContain("\"external\"", resources.GetProperty(process).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_hold_no_value_and_published_twice_nothing_differs()
    {
        string[] settings =
        [
            "--Kapso:Management:ApiKey=do-not-publish", "--Kapso:Management:Keys:0:Key=do-not-publish", "--Kapso:Management:OpenIdConnect:ClientSecret=do-not-publish",
            "--Kapso:Projects:0:ApiKey=do-not-publish", "--Parameters:webhook-secret=do-not-publish",
        ];
        var resources = await PublishAsync(settings);
        foreach (var parameter in resources.EnumerateObject().Where(resource => resource.Value.Text("type") == "parameter.v0"))
        {
            Assert.Equal($"{{{parameter.Name}.inputs.value}}", parameter.Value.Text("value"));

            // A default that says how one is made, at each deployment, is none.
            var input = parameter.Value.GetProperty("inputs").GetProperty("value");
            Assert.True(!input.TryGetProperty("default", out var known) || known.EnumerateObject().Single().Name == "generate", $"{parameter.Name} has a value.");
        }

        Assert.DoesNotContain("do-not-publish", resources.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(resources.GetRawText(), (await PublishAsync(settings)).GetRawText());
    }

    private static async Task<JsonElement> PublishAsync(params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("kapso-manifest-");
        var file = Path.Combine(folder.FullName, "manifest.json");
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                // Beside the tests, it finds what it needs by their files.
                "exec", "--runtimeconfig", Beside("Kapso.Silo.Tests.runtimeconfig.json"), "--depsfile", Beside("Kapso.Silo.Tests.deps.json"),
                Beside("Kapso.AppHost.dll"), "--publisher", "manifest", "--output-path", file, .. arguments,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var written = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(File.Exists(file), written);
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
        folder.Delete(recursive: true);
        return manifest.RootElement.GetProperty("resources").Clone();
    }

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
