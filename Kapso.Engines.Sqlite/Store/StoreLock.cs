namespace Kapso.Engines.Sqlite.Store;

/// <summary>
/// One process per file: an exclusive lock on a file beside it. The engine's claims rest on it, since claims of any other
/// holder count as orphans of a crash. The operating system lets go of the lock when the process ends, however it ends.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>What the system says of a file that another process has locked: EAGAIN of Linux and of macOS, and Windows' sharing violation.</summary>
    private static readonly int[] Locked = [11, 35, unchecked((int)0x80070020)];

    /// <exception cref="InvalidOperationException">Another process holds the lock.</exception>
    /// <exception cref="IOException">It cannot be made or opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
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
        catch (IOException exception) when (Locked.Contains(exception.HResult))
        {
            throw new InvalidOperationException(
                $"The store '{path}' is in use: another process holds the lock '{name}'. "
                + "Stop that process, or give this one a store of its own (Kapso:Store:Path).",
                exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
