using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kapso.Simulator.World;

/// <summary>The simulator's world in a file, so that a service that keeps its state finds the same platform after a restart.</summary>
public sealed record KeptWorld
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public required int Seed { get; init; }

    /// <summary>The simulated time when it was written.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The number of the company's own.</summary>
    public required string SenderId { get; init; }

    /// <summary>How many ids of each kind were made up.</summary>
    public required IReadOnlyDictionary<string, int> Made { get; init; }

    public required IReadOnlyList<Customer> Customers { get; init; }
    public required IReadOnlyList<SetupLink> SetupLinks { get; init; }
    public required IReadOnlyList<PhoneNumber> Numbers { get; init; }
    public required IReadOnlyList<Message> Messages { get; init; }
    public required IReadOnlyList<Webhook> Webhooks { get; init; }

    /// <summary>The world in the file; null where there is none.</summary>
    /// <exception cref="InvalidOperationException">The file holds something else.</exception>
    public static KeptWorld? Read(string? path)
    {
        if (path is null || !File.Exists(path))
            return null;
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<KeptWorld>(file, Form);
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"{path} does not hold a simulated platform: remove it to begin with a new one.", exception);
        }
    }

    /// <summary>Puts it in the place of what the file holds, whole or not at all. It has keys in it: its owner alone may read it.</summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
            JsonSerializer.Serialize(file, this, Form);
        File.Move(draft, path, overwrite: true);
    }
}
