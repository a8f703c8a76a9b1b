using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kapso.Embedded.Demonstration;

/// <summary>
/// Made-up secrets of a development run, kept beside the store and readable by its owner only, so that a restart goes on
/// with the same.
/// </summary>
internal sealed record DemonstrationSecrets(string WebhookSecret, string ManagementKey, string ApiKey)
{
    /// <summary>Reads the secrets of an earlier start, or makes new ones and keeps them.</summary>
    /// <param name="file">Where they are kept.</param>
    public static DemonstrationSecrets ReadOrMake(string file)
    {
        if (TryRead(file) is { } kept)
            return kept;

        var made = new DemonstrationSecrets(Random(), Random(), Random());
        try
        {
            made.Keep(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // They hold for this start only; the engine says what is wrong with the folder.
        }

        return made;
    }

    private static DemonstrationSecrets? TryRead(string file)
    {
        try
        {
            var kept = JsonSerializer.Deserialize(File.ReadAllBytes(file), DemonstrationContext.Default.DemonstrationSecrets);
            return kept is not null && IsPlain(kept.WebhookSecret) && IsPlain(kept.ManagementKey)
                ? kept with { ApiKey = IsPlain(kept.ApiKey) ? kept.ApiKey : Random() } // one of before has none
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static string Random() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    // They are printed in commands to be pasted into a shell: letters and digits only, whoever wrote the file.
    private static bool IsPlain(string? secret) => secret is { Length: >= 32 and <= 128 } && secret.All(char.IsAsciiLetterOrDigit);

    private void Keep(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        JsonSerializer.Serialize(stream, this, DemonstrationContext.Default.DemonstrationSecrets);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DemonstrationSecrets))]
internal sealed partial class DemonstrationContext : JsonSerializerContext;
