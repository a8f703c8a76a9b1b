using System.Text.RegularExpressions;
using Kapso.Api.Hosting;
using Kapso.Platform.Settings;
using Kapso.ServiceDefaults;
using Kapso.Silo.Tests.Compatibility;
using Microsoft.Extensions.Hosting.Internal;

namespace Kapso.Silo.Tests.Platforms;

/// <summary>The manifests of docs/kubernetes, held against Kubernetes' own schemas (the npm package <c>kubernetes-models</c>).</summary>
public sealed partial class KubernetesTests : IDisposable
{
    /// <summary>Set to <c>required</c> where a machine without npm or its registry is a failure, and the tests are not left out.</summary>
    private const string Variable = "KAPSO_KUBERNETES_TESTS";

    private readonly TemporaryFolder _folder = new();

    private static string Manifests => Path.Combine(Repository.Folder, "docs", "kubernetes", "kapso.yaml");

    [Fact]
    public async Task The_schemas_have_nothing_against_them_and_would_have()
    {
        await InstallAsync();
        Assert.Equal((0, ""), await CheckAsync(Manifests));

        var text = await File.ReadAllTextAsync(Manifests, TestContext.Current.CancellationToken);
        foreach (var (right, wrong, says) in ((string, string, string)[])
        [
            ("readOnlyRootFilesystem", "readonlyRootFilesystem", "securityContext/readonlyRootFilesystem is unknown"),
            ("containerPort: 8080", "containerPort: http", "containerPort must be integer"),
            ("kind: PodDisruptionBudget", "kind: DisruptionBudget", "There is no DisruptionBudget in policy/v1"),
            ("serviceName: redis", "replicas: 1", "duplicated mapping key"),
        ])
        {
            var file = Path.Combine(_folder.Path, "wrong.yaml");
            await File.WriteAllTextAsync(file, text.Replace(right, wrong, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            var (exitCode, output) = await CheckAsync(file);
            Assert.Equal(1, exitCode);
            Assert.Contains(says, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_process_has_more_time_to_end_than_it_takes()
    {
        var given = GracePeriod().Matches(await File.ReadAllTextAsync(Manifests, TestContext.Current.CancellationToken))
            .ToDictionary(match => match.Groups["name"].Value, match => TimeSpan.FromSeconds(int.Parse(match.Groups["seconds"].Value, null)));

        var production = new HostingEnvironment { EnvironmentName = Environments.Production };
        var ofSilo = ProcessDefaults.GraceTimeIn(production);
        var ofApi = ofSilo + Draining.WaitOf(new KapsoOptions(), production);
        Assert.True(given["kapso-silo"] > ofSilo, $"A silo takes {ofSilo}.");
        Assert.True(given["kapso-api"] > ofApi, $"An API takes {ofApi}.");
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"^  name: (?<name>[\w-]+)\nspec:\n(?:(?!^---)[^\n]*\n)*?      terminationGracePeriodSeconds: (?<seconds>\d+)$", RegexOptions.Multiline)]
    private static partial Regex GracePeriod();

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private Task<(int ExitCode, string Output)> CheckAsync(string file) => Command.RunAsync("node", ["check.js", file], _folder.Path);

    private async Task InstallAsync()
    {
        var required = Environment.GetEnvironmentVariable(Variable) == "required";
        Assert.SkipUnless(required || IsOnPath("npm"), "Needs Node.js with npm, and there is none on this machine.");
        foreach (var file in (string[])["check.js", "package.json"])
            File.Copy(Path.Combine(Repository.Folder, "Kapso.Silo.Tests", "Platforms", "Kubernetes", file), Path.Combine(_folder.Path, file));
        var (exitCode, output) = await Command.RunAsync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], _folder.Path);
        Assert.SkipUnless(required || exitCode == 0, $"npm could not install the schemas here: {output}");
        Assert.True(exitCode == 0, output);
    }
}
