namespace Kapso.AppHost.Redis;

/// <summary>
/// The folder of all that is kept on this machine, outside of containers: redis-server's data in the folder itself, that of the
/// others in folders below, and in the file <c>choice</c> what <c>auto</c> has chosen.
/// </summary>
internal sealed class RedisFolder(string path)
{
    /// <summary>The folder.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The file with the name of what was chosen.</summary>
    public string ChoiceFile => System.IO.Path.Combine(Path, "choice");

    /// <summary>Where one of them keeps its data.</summary>
    public string Of(RedisKind kind) => kind switch
    {
        RedisKind.ValkeyServer => System.IO.Path.Combine(Path, "valkey"),
        RedisKind.Garnet => System.IO.Path.Combine(Path, "garnet"),
        _ => Path,
    };

    /// <summary>Whether it has data there. A container's is in a volume, not here.</summary>
    public bool HasDataOf(RedisKind kind) => kind switch
    {
        RedisKind.RedisServer or RedisKind.ValkeyServer =>
            Directory.Exists(System.IO.Path.Combine(Of(kind), "appendonlydir")) || File.Exists(System.IO.Path.Combine(Of(kind), "appendonly.aof")),
        RedisKind.Garnet => Directory.Exists(System.IO.Path.Combine(Of(kind), "AOF")),
        _ => false,
    };

    /// <summary>Reads what was chosen; null if nothing was.</summary>
    /// <exception cref="InvalidDataException">The file says something else.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public RedisKind? ReadChoice()
    {
        if (!File.Exists(ChoiceFile))
            return null;
        var name = File.ReadAllText(ChoiceFile).Trim();
        return RedisKinds.Find(name) ?? throw new InvalidDataException(
            $"{ChoiceFile} says '{name}', not one of {string.Join(", ", RedisKinds.All.Select(kind => kind.Name()))}");
    }

    /// <summary>Keeps what was chosen. The file is whole or not there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public void WriteChoice(RedisKind kind)
    {
        Directory.CreateDirectory(Path);
        var draft = ChoiceFile + ".new";
        File.WriteAllText(draft, kind.Name() + "\n");
        File.Move(draft, ChoiceFile, overwrite: true);
    }
}
