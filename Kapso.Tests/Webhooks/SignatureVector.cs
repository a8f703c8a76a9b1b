using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kapso.Connections.Webhooks;

namespace Kapso.Tests.Webhooks;

/// <summary>One golden vector of <c>signature-vectors.json</c>, whose signatures were computed with other tools.</summary>
public sealed record SignatureVector
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("secrets")]
    public required string[] Secrets { get; init; }

    [JsonPropertyName("body_text")]
    public string? BodyText { get; init; }

    [JsonPropertyName("body_hex")]
    public string? BodyHex { get; init; }

    [JsonPropertyName("repeat")]
    public int Repeat { get; init; } = 1;

    [JsonPropertyName("signature")]
    public required string Signature { get; init; }

    [JsonPropertyName("valid")]
    public required bool Valid { get; init; }

    public static IReadOnlyDictionary<string, SignatureVector> All { get; } = Load();

    public WebhookSecrets Prepared() => WebhookSecrets.Create(Secrets);

    public byte[] Body()
    {
        var once = BodyHex is { } hex ? Convert.FromHexString(hex) : Encoding.UTF8.GetBytes(BodyText!);
        return [.. Enumerable.Repeat(once, Repeat).SelectMany(bytes => bytes)];
    }

    private static Dictionary<string, SignatureVector> Load()
    {
        var json = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Webhooks", "signature-vectors.json"));
        return JsonSerializer.Deserialize<SignatureVector[]>(json)!.ToDictionary(vector => vector.Name);
    }
}
