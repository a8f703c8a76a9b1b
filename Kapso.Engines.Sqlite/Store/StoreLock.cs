namespace Kapso.Engines.Sqlite.Store;

/// <summary>
/// One process per file: an exclusive lock on a file beside it. The engine's claims rest on it, since claims of any other
/// holder count as orphans of a crash. The operating system lets go of the lock when the process ends, however it ends.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <exception cref="InvalidOperationException">Somebody else holds the lock, or it cannot be taken.</exception>
    public static StoreLock Take(string path)
    {
        var name = path + ".lock";
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new StoreLock(new FileStream(name, options));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"The store '{path}' is in use: the lock '{name}' could not be taken ({exception.Message}) "
                + "Stop the other process, or give this one a store of its own (Kapso:Store:Path).",
                exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
