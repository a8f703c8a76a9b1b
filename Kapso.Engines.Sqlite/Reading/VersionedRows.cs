using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>Tables that keep one record of each project, as JSON, with the version that it is written over.</summary>
internal static class VersionedRows
{
    /// <summary>The project's record; a new one where none is kept.</summary>
    public static T Read<T>(Database database, string table, long project, JsonTypeInfo<T> type)
        where T : class, new()
    {
        var select = database.Prepare($"SELECT record FROM {table} WHERE project = ?").Bind(project);
        var record = select.Step() ? JsonSerializer.Deserialize(select.Blob(0), type)! : new T();
        select.Reset();
        return record;
    }
}
