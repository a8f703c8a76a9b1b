using System.Text.Json;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>Unclaimed hints: redirects that found no customer and wait for a proof of their number.</summary>
internal sealed partial class Batch
{
    /// <summary>
    /// Keeps a hint. The proof may have come between the caller's look at the index and now: then it is folded in at once,
    /// since no other would fetch it.
    /// </summary>
    /// <returns>How many older ones made room for it.</returns>
    public int HoldHint(string projectId, Observation hint)
    {
        if (hint.PhoneNumberId is not { } phoneNumberId)
            return 0;
        if (FindOwner(projectId, phoneNumberId) is { } owner
            && Load(owner) is var entry && entry.Current.FindNumber(phoneNumberId)?.Status == NumberStatus.Connected)
        {
            Observe(entry, hint);
            return 0;
        }

        var project = Project(projectId);
        var link = hint.SetupLinkId ?? "";
        if (database.Prepare("SELECT 1 FROM hints WHERE project = ? AND phone_number_id = ? AND link = ?")
                .Bind(project).Bind(phoneNumberId).Bind(link).Scalar() is not null)
            return 0;

        PruneHints(project);
        database.Prepare(
            "DELETE FROM hints WHERE seq IN (SELECT seq FROM hints WHERE project = ? ORDER BY seq DESC LIMIT -1 OFFSET ?)")
            .Bind(project).Bind(UnclaimedHints.MaxKept - 1).Run();
        var dropped = (int)database.Prepare("SELECT changes()").Scalar()!.Value;
        database.Prepare("INSERT INTO hints (project, phone_number_id, link, received_at, observation) VALUES (?, ?, ?, ?, ?)")
            .Bind(project).Bind(phoneNumberId).Bind(link).Bind(hint.ReceivedAt.ToUnixTimeMilliseconds())
            .Bind(JsonSerializer.SerializeToUtf8Bytes(hint, EngineJson.Default.Observation)).Run();
        state.HintedNumbers.Add((project, phoneNumberId));
        return dropped;
    }

    /// <summary>Drops the project's hints that waited too long.</summary>
    public void PruneHints(long project) =>
        database.Prepare("DELETE FROM hints WHERE project = ? AND received_at < ?")
            .Bind(project).Bind((Now - UnclaimedHints.Life).ToUnixTimeMilliseconds()).Run();

    private void ClaimHints(Entry entry, string phoneNumberId)
    {
        if (!state.HintedNumbers.Contains((entry.Project, phoneNumberId)))
            return;

        var hints = new List<Observation>();
        var select = database.Prepare(
            "SELECT observation FROM hints WHERE project = ? AND phone_number_id = ? AND received_at >= ? ORDER BY seq")
            .Bind(entry.Project).Bind(phoneNumberId).Bind((Now - UnclaimedHints.Life).ToUnixTimeMilliseconds());
        while (select.Step())
            hints.Add(JsonSerializer.Deserialize(select.Blob(0), EngineJson.Default.Observation)!);

        database.Prepare("DELETE FROM hints WHERE project = ? AND phone_number_id = ?")
            .Bind(entry.Project).Bind(phoneNumberId).Run();
        foreach (var hint in hints)
            Observe(entry, hint);
    }
}
