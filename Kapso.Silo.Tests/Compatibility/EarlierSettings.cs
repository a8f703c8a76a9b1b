namespace Kapso.Silo.Tests.Compatibility;

/// <summary>Every setting of the earlier version, as a company may have set it.</summary>
internal static class EarlierSettings
{
    public const string Secret = "whsec_YSB3ZWxjb21lIHNlY3JldCBvZiBhIHRlc3QgcnVu";

    /// <summary>By their names below <c>Kapso</c>.</summary>
    public static Dictionary<string, string> All(Uri welcomes, Uri changes, string store) => new()
    {
        ["Projects:0:Id"] = Scenario.Project,
        ["Projects:0:Name"] = "A company",
        ["Projects:0:WebhookSecrets:0"] = "webhook-secret-of-before",
        ["Projects:0:WebhookSecrets:1"] = "webhook-secret-of-after",
        ["Projects:0:ApiKey"] = "api-key-of-nobody",
        ["PublicUrl"] = "https://connect.example.com",
        ["TrustedProxies:0"] = "127.0.0.1",
        ["TrustedProxies:1"] = "10.0.0.0/8",
        ["Platform:BaseUrl"] = "https://127.0.0.1:9",
        ["Platform:RequestsPerMinute"] = "500",
        ["Management:ApiKey"] = Scenario.ManagementKey,
        ["Welcome:Flow"] = "callback",
        ["Welcome:Since"] = "2026-01-01T00:00:00Z",
        ["Welcome:Callback:Url"] = welcomes.AbsoluteUri,
        ["Welcome:Callback:Secret"] = Secret,
        ["Welcome:Callback:Timeout"] = "00:00:20",
        ["Welcome:Template:Name"] = "welcome",
        ["Welcome:Template:Language"] = "en_US",
        ["Welcome:Template:SenderPhoneNumberId"] = "connected",
        ["Welcome:Template:Variables:0"] = "project_name",
        ["Notify:Url"] = changes.AbsoluteUri,
        ["Notify:Secret"] = Secret,
        ["Notify:Timeout"] = "00:00:20",
        ["Pages:SuccessUrl"] = "https://app.example.com/connected",
        ["Pages:FailureUrl"] = "https://app.example.com/failed",
        ["Pages:AllowedHosts:0"] = "app.example.com",
        ["Pages:CompanyName"] = "The company",
        ["Pages:LogoUrl"] = "/brand/logo.svg",
        ["Pages:Colors:Page"] = "#f0f0f0",
        ["Pages:Colors:Card"] = "#ffffff",
        ["Pages:Colors:Text"] = "#101010",
        ["Pages:Colors:Accent"] = "#0b6b43",
        ["Pages:DarkColors:Page"] = "#000000",
        ["Pages:DarkColors:Card"] = "#101010",
        ["Pages:DarkColors:Text"] = "#ffffff",
        ["Pages:DarkColors:Accent"] = "#7fe0b0",
        ["Store:Path"] = store,
        ["Outbox:Parallelism"] = "16",
        ["Outbox:MaxAttempts"] = "30",
        ["Outbox:RetryDelay"] = "00:00:01",
        ["Outbox:MaxRetryDelay"] = "00:10:00",
        ["Outbox:Lease"] = "00:01:30",
        ["Parked:MaxAge"] = "10.00:00:00",
        ["Parked:MaxCount"] = "500",
        ["Reconcile:Interval"] = "00:20:00",
        ["DrainTime"] = "00:00:01",
    };
}
