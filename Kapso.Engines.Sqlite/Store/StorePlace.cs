using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Kapso.Engines.Sqlite.Store;

/// <summary>Whether a store can be kept where it is to be, and why not, in words for whoever starts the service.</summary>
internal static class StorePlace
{
    /// <summary>Where SQLite's locks and shared memory do not work between machines, as .NET and Linux name them.</summary>
    private static readonly HashSet<string> NetworkFileSystems = new(StringComparer.OrdinalIgnoreCase)
    {
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "coda", "ncp", "ncpfs", "ceph", "lustre", "gfs2", "9p", "v9fs",
        "fuse.sshfs", "fuse.glusterfs", "glusterfs",
    };

    /// <summary>Makes the folder, and refuses a network file system.</summary>
    /// <exception cref="InvalidOperationException">The folder cannot be made, or lies on one.</exception>
    public static void Prepare(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The store's folder '{folder}' cannot be made by user {UserId()}: {exception.Message}", exception);
        }

        if (FileSystemOf(folder) is { } fileSystem && IsNetwork(fileSystem))
        {
            throw new InvalidOperationException(
                $"The store '{path}' would lie on a network file system ({fileSystem}), where SQLite's locks and shared memory do not hold: put it on a local disk or a block device (Kapso:Store:Path).");
        }
    }

    /// <summary>Whether a file system of this name is one between machines.</summary>
    public static bool IsNetwork(string fileSystem) => NetworkFileSystems.Contains(fileSystem);

    /// <summary>What a failure to open the store means; null for what is no matter of files.</summary>
    public static string? Explain(string path, Exception exception)
    {
        if (exception is not (SqliteException or IOException or UnauthorizedAccessException))
            return null;
        if (FindForbidden(path) is { } forbidden)
            return $"{forbidden} The store '{path}' needs to read and write its folder and all of its files: give them to that user (chown), or start the service as theirs.";
        var code = exception is SqliteException sqlite ? string.Create(CultureInfo.InvariantCulture, $" (SQLite {sqlite.SqliteErrorCode}/{sqlite.SqliteExtendedErrorCode})") : "";
        return $"The store '{path}' cannot be opened: {exception.Message}{code} It needs a local disk with shared memory, and a file system that can be written.";
    }

    /// <summary>The folder or the first of the store's files that this process cannot write; null where it can all of them.</summary>
    private static string? FindForbidden(string path)
    {
        foreach (var file in ((string[])[path, path + "-wal", path + "-shm", path + ".lock"]).Where(File.Exists))
        {
            try
            {
                using var _ = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            }
            catch (UnauthorizedAccessException)
            {
                return $"The file '{file}' cannot be read and written by user {UserId()}{ModeOf(file)}.";
            }
            catch (IOException)
            {
                // Another process has it open: no matter of permissions.
            }
        }

        var folder = Path.GetDirectoryName(path)!;
        var probe = Path.Combine(folder, $".kapso-{Guid.NewGuid():N}");
        try
        {
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose))
                return null;
        }
        catch (UnauthorizedAccessException)
        {
            return $"The folder '{folder}' cannot be written by user {UserId()}{ModeOf(folder)}.";
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string ModeOf(string path) => OperatingSystem.IsWindows()
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" (its mode is {Convert.ToString((int)File.GetUnixFileMode(path), 8)})");

    /// <summary>The id that the kernel judges this process by, where it tells; else the user's name.</summary>
    private static string UserId() => OperatingSystem.IsLinux()
        ? File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2]
        : Environment.UserName;

    private static string? FileSystemOf(string folder)
    {
        try
        {
            return new DriveInfo(folder).DriveFormat;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null; // Then it is not known, and what does not work is told when it is opened.
        }
    }
}
