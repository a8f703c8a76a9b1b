using System.Text.RegularExpressions;
using Kapso.Api.Hosting;
using Kapso.Platform.Settings;
using Kapso.ServiceDefaults;
using Microsoft.Extensions.Hosting.Internal;

namespace Kapso.Silo.Tests.Platforms;

/// <summary>The manifests of docs/kubernetes, held against Kubernetes' own schemas (the npm package <c>kubernetes-models</c>).</summary>
public sealed partial class KubernetesTests
{
    private static string Manifests => Path.Combine(Repository.Folder, "docs", "kubernetes", "kapso.yaml");

    [Fact]
    public async Task The_schemas_have_nothing_against_them_and_would_have()
    {
        using var npm = await NpmFolder.InstallAsync("Kapso.Silo.Tests/Platforms/Kubernetes");
        Assert.Equal((0, ""), await npm.RunAsync("node", "check.js", Manifests));

        var text = await File.ReadAllTextAsync(Manifests, TestContext.Current.CancellationToken);
        foreach (var (right, wrong, says) in ((string, string, string)[])
        [
            ("readOnlyRootFilesystem", "readonlyRootFilesystem", "securityContext/readonlyRootFilesystem is unknown"),
            ("containerPort: 8080", "containerPort: http", "containerPort must be integer"),
            ("kind: PodDisruptionBudget", "kind: DisruptionBudget", "There is no DisruptionBudget in policy/v1"),
            ("serviceName: redis", "replicas: 1", "duplicated mapping key"),
        ])
        {
            var file = npm.PathOf("wrong.yaml");
            await File.WriteAllTextAsync(file, text.Replace(right, wrong, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            var (exitCode, output) = await npm.RunAsync("node", "check.js", file);
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

    [GeneratedRegex(@"^  name: (?<name>[\w-]+)\nspec:\n(?:(?!^---)[^\n]*\n)*?      terminationGracePeriodSeconds: (?<seconds>\d+)$", RegexOptions.Multiline)]
    private static partial Regex GracePeriod();
}
