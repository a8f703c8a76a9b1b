using System.Text.Json;
using Kapso.Platform.Api.Reading;

namespace Kapso.Platform.Api;

/// <summary>A customer, as the platform tells it.</summary>
/// <param name="Id">The platform's id.</param>
/// <param name="Name">The name given at creation.</param>
/// <param name="ExternalCustomerId">The company's own id, where one was given.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record PlatformCustomer(string Id, string? Name, string? ExternalCustomerId, DateTimeOffset? CreatedAt)
{
    /// <summary>What it is called, as far as that can be used; null where nothing of it can.</summary>
    public CustomerNames? Names => CustomerNames.Of(ExternalCustomerId, Name);

    internal static PlatformCustomer? Read(JsonElement row) => row.Text("id") is { } id && BoundedId.IsValid(id)
        ? new(id, PlainName.Of(row.Words("name")), row.Text("external_customer_id") ?? row.Text("external_id"), row.Time("created_at"))
        : null;
}
