using System.Diagnostics;

namespace Kapso.Testing.Processes;

/// <summary>A shell that is fed what a person would paste.</summary>
internal static class Shell
{
    public static async Task<string> PasteAsync(string commands)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["--norc", "-s"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await shell.StandardInput.WriteAsync(commands);
        shell.StandardInput.Close();
        var error = shell.StandardError.ReadToEndAsync();
        var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("", await error);
        return output;
    }

    /// <summary>The paragraphs of the console's text that begin like this: commands are set apart by empty lines.</summary>
    public static string Paragraph(string console, string start) =>
        Assert.Single(console.Split("\n\n"), paragraph => paragraph.StartsWith(start, StringComparison.Ordinal)) + "\n";
}
