using System.ComponentModel;
using System.Runtime.CompilerServices;
using Kapso.Silo.Tests.Newcomer;

namespace Kapso.Silo.Tests.Compatibility;

/// <summary>The clone's own history, which an earlier version is taken from.</summary>
internal static class History
{
    /// <summary>Set to <c>required</c> where a clone without the history is a failure, and these tests are not left out.</summary>
    public const string Variable = "KAPSO_HISTORY";

    /// <summary>The version that companies may run, and move up from.</summary>
    public const string Commit = "7748c7cf692f2fb80a4caab0cf397e3babd23b47";

    /// <summary>Why the version is not to be had here; null where it is.</summary>
    public static string? Missing { get; } = FindAsync().GetAwaiter().GetResult();

    /// <summary>Why the tests are left out here; null where they are not.</summary>
    public static string? LeftOut => Environment.GetEnvironmentVariable(Variable) == "required" ? null : Missing;

    private static async Task<string?> FindAsync()
    {
        try
        {
            var (exitCode, output) = await Command.RunAsync("git", ["cat-file", "-e", Commit + "^{commit}"], Machine.Repository);
            return exitCode == 0
                ? null
                : $"Needs commit {Commit} in the history of {Machine.Repository}, and git says: {output.Trim()} A shallow clone gets it by: git fetch --unshallow.";
        }
        catch (Win32Exception)
        {
            return "Needs git, and there is none on this machine: apt-get install git.";
        }
    }
}

/// <summary>A test together with an earlier version. Left out, with the reason, in a clone without its history.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HistoryFactAttribute : FactAttribute
{
    public HistoryFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = History.LeftOut;
}

/// <summary>A test together with an earlier version for each of its rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HistoryTheoryAttribute : TheoryAttribute
{
    public HistoryTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = History.LeftOut;
}
