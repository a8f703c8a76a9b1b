using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>The table of <see cref="SearchWords"/>.</summary>
internal static class WordRows
{
    public static void Add(Database database, long project, string word, long connection) =>
        database.Prepare("INSERT OR IGNORE INTO words (project, word, connection) VALUES (?, ?, ?)")
            .Bind(project).Bind(word).Bind(connection).Run();

    public static void Remove(Database database, long project, string word, long connection) =>
        database.Prepare("DELETE FROM words WHERE project = ? AND word = ? AND connection = ?")
            .Bind(project).Bind(word).Bind(connection).Run();

    /// <summary>The connections that have a word, those after a row.</summary>
    public static List<long> Find(Database database, long project, string word, long after = -1)
    {
        var select = database.Prepare("SELECT connection FROM words WHERE project = ? AND word = ? AND connection > ?")
            .Bind(project).Bind(word).Bind(after);
        var found = new List<long>();
        while (select.Step())
            found.Add(select.Int64(0));
        return found;
    }

    /// <summary>The connections after a row that have a word with this beginning.</summary>
    public static IEnumerable<long> FindAfter(Database database, long project, string beginning, long row)
    {
        var select = database.Prepare("SELECT connection FROM words WHERE project = ? AND word >= ? AND word < ? AND connection > ?")
            .Bind(project).Bind(beginning).Bind(Search.Beyond(beginning)).Bind(row);
        while (select.Step())
            yield return select.Int64(0);
    }
}
