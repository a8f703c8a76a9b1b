using System.Text.Json;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>The webhook that is kept at the platform for each project.</summary>
internal static class WebhookRows
{
    public static byte[] Write(KeptWebhook webhook) => JsonSerializer.SerializeToUtf8Bytes(webhook, EngineJson.Default.KeptWebhook);

    public static KeptWebhook Read(Database database, long project)
    {
        var select = database.Prepare("SELECT record FROM webhooks WHERE project = ?").Bind(project);
        var webhook = select.Step() ? JsonSerializer.Deserialize(select.Blob(0), EngineJson.Default.KeptWebhook)! : new KeptWebhook();
        select.Reset();
        return webhook;
    }
}
