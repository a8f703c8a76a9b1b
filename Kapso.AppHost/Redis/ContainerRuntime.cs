using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Kapso.AppHost.Redis;

/// <summary>A container runtime of this machine, Docker or Podman, and what it answers.</summary>
/// <param name="Name">What Aspire calls it: <c>docker</c> or <c>podman</c>.</param>
/// <param name="Path">Its command.</param>
internal sealed record ContainerRuntime(string Name, string Path)
{
    /// <summary>The volume of Redis in a container.</summary>
    public const string Volume = "kapso-redis";

    /// <summary>Which runtime Aspire takes, where that is set.</summary>
    private const string Setting = "DcpPublisher:ContainerRuntime";

    /// <summary>A runtime that hangs is as good as none. A healthy one answers within a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Finds a runtime that answers: the one that Aspire is set to, or else Docker, or else Podman.</summary>
    /// <returns>It; or why there is none, as a clause.</returns>
    public static (ContainerRuntime? Runtime, string Missing) Find(SearchPath path, IConfiguration configuration)
    {
        var named = configuration[Setting] ?? configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        string[] names = string.IsNullOrEmpty(named) ? ["docker", "podman"] : [named];
        var installed = names
            .Select(name => path.Find(name) is { } command ? new ContainerRuntime(name, command) : null)
            .OfType<ContainerRuntime>()
            .Select(runtime => (Runtime: runtime, Health: runtime.AskAsync("container", "ls", "--last", "1", "--quiet")))
            .ToArray();
        Task.WaitAll([.. installed.Select(asked => (Task)asked.Health)]);

        foreach (var (runtime, health) in installed)
        {
            if (health.Result is not null)
                return (runtime, "");
        }

        return (null, installed.Length > 0
            ? $"no container runtime is healthy ({string.Join(" and ", installed.Select(asked => asked.Runtime.Name))} installed)"
            : $"no container runtime is installed ({string.Join(" or ", names)})");
    }

    /// <summary>Has Aspire take this runtime, also where it would take another one.</summary>
    public void Use(IConfiguration configuration) => configuration[Setting] = Name;

    /// <summary>Whether Redis in a container has been started here before.</summary>
    public bool HasVolume() => AskAsync("volume", "inspect", Volume).GetAwaiter().GetResult() is not null;

    /// <summary>What it answers; null where that is an error, or nothing comes.</summary>
    private async Task<string?> AskAsync(params string[] arguments)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var question = new Process
        {
            StartInfo = new ProcessStartInfo(Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            question.Start();

            // Whoever it has started may hold on to its output: that is not waited for.
            var answer = question.StandardOutput.ReadToEndAsync(patience.Token);
            _ = question.StandardError.ReadToEndAsync(CancellationToken.None);
            await question.WaitForExitAsync(patience.Token);
            return question.ExitCode == 0 ? await answer : null;
        }
        catch (OperationCanceledException)
        {
            question.Kill(entireProcessTree: true);
            return null;
        }
        catch (Win32Exception)
        {
            return null; // A file of that name that is no program.
        }
    }
}
