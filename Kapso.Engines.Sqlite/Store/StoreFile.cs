namespace Kapso.Engines.Sqlite.Store;

/// <summary>
/// The SQLite file, made if need be so that nobody else can read it (the log beside it inherits its mode), and held open to
/// flush it. To be closed after the last of SQLite's connections: by POSIX, a process that closes any handle of a file loses
/// all its locks on it, SQLite's too, and another process could then take the log away from under this one.
/// </summary>
internal sealed class StoreFile : IDisposable
{
    private readonly FileStream _file;
    private readonly string? _target;

    private StoreFile(FileStream file)
    {
        _file = file;
        _target = FindTarget();
    }

    /// <summary>
    /// Whether the file that is open is still the one at its path: neither deleted nor moved, nor was another put in its place. Known on
    /// Linux; elsewhere taken to be so.
    /// </summary>
    public bool IsInPlace => FindTarget() == _target;

    /// <summary>Where it is.</summary>
    public string Path => _file.Name;

    /// <exception cref="IOException">It cannot be made or opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public static StoreFile Open(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new StoreFile(new FileStream(path, options));
    }

    /// <summary>Waits until the disk has all that was written to the file, by whichever handle.</summary>
    /// <exception cref="IOException">The disk reported a failure.</exception>
    public void Flush() => _file.Flush(flushToDisk: true);

    public void Dispose() => _file.Dispose();

    /// <summary>What the kernel calls the open file; of one that has no name any more, it says so.</summary>
    private string? FindTarget() => OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{_file.SafeFileHandle.DangerousGetHandle()}").LinkTarget : null;
}
