namespace Kapso.Engines.Sqlite.Writing;

/// <summary>
/// Intents to make a customer, in the table of what is kept by name: the end of the time for which one holds, by project, the
/// company's id and token. Ids hold no line ends.
/// </summary>
internal sealed partial class Batch
{
    private const string Intents = "customer_intent\n";

    /// <summary>Writes an intent down; false where another one holds.</summary>
    public bool IntendCustomer(string projectId, CustomerIntent intent)
    {
        var until = PruneIntents();
        var mine = NameOf(projectId, intent);
        var others = database.Prepare("SELECT 1 FROM meta WHERE substr(name, 1, length(?1)) = ?1 AND name <> ?2")
            .Bind(NameOf(projectId, intent.ExternalId)).Bind(mine).Scalar();
        if (others is not null)
            return false;
        database.Prepare("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)").Bind(mine).Bind(until).Run();
        return true;
    }

    /// <summary>Takes an intent back.</summary>
    public void WithdrawCustomer(string projectId, CustomerIntent intent) =>
        database.Prepare("DELETE FROM meta WHERE name = ?").Bind(NameOf(projectId, intent)).Run();

    /// <summary>Takes back whatever intent there is to make a customer with this id of the company's.</summary>
    private void ForgetIntents(string projectId, string externalId) =>
        database.Prepare("DELETE FROM meta WHERE substr(name, 1, length(?1)) = ?1").Bind(NameOf(projectId, externalId)).Run();

    /// <summary>Forgets the intents that do not hold any more; answers with until when one holds that is written now.</summary>
    private long PruneIntents()
    {
        var until = (Now + CustomerIntent.Life).ToUnixTimeMilliseconds();

        // One that holds longer than any can was written under a clock that was ahead.
        database.Prepare("DELETE FROM meta WHERE substr(name, 1, length(?1)) = ?1 AND (value <= ?2 OR value > ?3)")
            .Bind(Intents).Bind(Now.ToUnixTimeMilliseconds()).Bind(until).Run();
        return until;
    }

    private static string NameOf(string projectId, CustomerIntent intent) => $"{NameOf(projectId, intent.ExternalId)}{intent.Token:n}";

    private static string NameOf(string projectId, string externalId) => $"{Intents}{projectId}\n{externalId}\n";
}
