using System.Globalization;
using Kapso.Engines.Sqlite.Transfer;
using Kapso.Engines.Transfer;
using Kapso.Platform.Settings;
using Microsoft.Data.Sqlite;

namespace Kapso.Embedded.Transfer;

/// <summary>
/// <c>export --store FILE --out FILE</c>: writes a store's connections and its audit to a file that <c>Kapso.Api import</c> takes in. With
/// <c>--without-audit</c>, one of an earlier version as well.
/// </summary>
internal static class ExportCommand
{
    /// <summary>The first argument that asks for it.</summary>
    public const string Name = "export";

    private const string WithoutAudit = "--without-audit";
    private const int ShownEvery = 10_000;

    /// <summary>Runs it.</summary>
    /// <param name="args">The arguments behind the name.</param>
    /// <returns>0 where all of it was written, 1 where not, 2 for arguments that it does not know.</returns>
    public static int Run(string[] args)
    {
        var withAudit = !args.Contains(WithoutAudit);
        if (!TryParse([.. args.Where(argument => argument != WithoutAudit)], out var store, out var target))
        {
            Console.Error.WriteLine($"Usage: {Name} [--store {new StoreOptions().Path}] --out connections.jsonl [{WithoutAudit}]");
            return 2;
        }

        try
        {
            Export(store, target, withAudit);
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException or SqliteException)
        {
            Console.Error.WriteLine($"Nothing is exported: {exception.Message}");
            return 1;
        }
    }

    private static void Export(string store, string target, bool withAudit)
    {
        store = Path.GetFullPath(store);
        if (!File.Exists(store))
            throw new FileNotFoundException($"there is no store '{store}'.");

        using var export = StoreExport.Open(store);

        // Written aside and renamed: a file of that name is always whole.
        var unfinished = target + ".unfinished";
        var all = export.Customers;
        using (var stream = CreatePrivate(unfinished))
        {
            var customers = 0L;
            foreach (var item in export.Read(withAudit))
            {
                TransferFile.Write(stream, item);
                if (item is TransferredCustomer && ++customers % ShownEvery == 0)
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{customers:N0} of {all:N0} customers"));
                if (item is TransferEnd end)
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{end.Customers:N0} customers, {end.Parked:N0} parked deliveries, {end.Hints:N0} unclaimed hints and {end.Audit ?? 0:N0} lines of the audit are in {target}."));
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, target, overwrite: true);
    }

    // It holds what the store holds, states and bodies included.
    private static FileStream CreatePrivate(string path)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static bool TryParse(string[] args, out string store, out string target)
    {
        (store, target) = (new StoreOptions().Path, "");
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
                return false;
            switch (args[i])
            {
                case "--store":
                    store = args[i + 1];
                    break;
                case "--out":
                    target = args[i + 1];
                    break;
                default:
                    return false;
            }
        }

        return target.Length > 0;
    }
}
