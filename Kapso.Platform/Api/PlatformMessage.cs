using System.Text.Json;
using Kapso.Platform.Api.Reading;

namespace Kapso.Platform.Api;

/// <summary>A message in a number's list.</summary>
public sealed record PlatformMessage
{
    /// <summary>Meta's id, <c>wamid.…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>When it was sent or received.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The sender's number: digits.</summary>
    public string? From { get; init; }

    /// <summary>The recipient's number: digits.</summary>
    public string? To { get; init; }

    /// <summary><c>template</c>, <c>text</c>, …</summary>
    public string? Type { get; init; }

    /// <summary>The template's name, where it is one.</summary>
    public string? TemplateName { get; init; }

    /// <summary><c>outbound</c> or <c>inbound</c>; null where the platform left it out.</summary>
    public string? Direction { get; init; }

    /// <summary><c>sent</c>, <c>delivered</c>, <c>read</c>, <c>failed</c>, …</summary>
    public string? Status { get; init; }

    /// <summary>All but the numbers.</summary>
    public override string ToString() => $"{Type} {Id} ({Status})";

    internal static PlatformMessage? Read(JsonElement row) => row.Text("id") is { } id
        ? new()
        {
            Id = id,
            Timestamp = row.Time("timestamp"),
            From = row.Text("from"),
            To = row.Text("to"),
            Type = row.Text("type"),
            TemplateName = row.Member("template")?.Text("name"),
            Direction = row.Member("kapso")?.Text("direction"),
            Status = row.Member("kapso")?.Text("status"),
        }
        : null;
}

/// <summary>The platform took a message.</summary>
/// <param name="Id">Meta's id of the message.</param>
public sealed record MessageReceipt(string Id);
