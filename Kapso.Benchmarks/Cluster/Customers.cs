using System.Net;
using System.Text.Json;

namespace Kapso.Benchmarks.Cluster;

/// <summary>Single customers of a service that has a bad time: delivers for them, and looks what became of it.</summary>
internal sealed class Customers(Uri address, TargetCredentials credentials) : IDisposable
{
    private readonly HttpClient client = credentials.NewClient(address);

    /// <summary>Delivers that a customer connected a number. True where it was applied; false where it is kept for later, or refused.</summary>
    public async Task<bool> ConnectAsync(string customer, long number, CancellationToken cancellation)
    {
        using var request = credentials.NewWebhook(customer, number, "whatsapp.phone_number.created", Guid.NewGuid().ToString());
        using var answer = await client.SendAsync(request, cancellation);
        return answer.StatusCode == HttpStatusCode.OK
            && (await answer.Content.ReadAsStringAsync(cancellation)).Contains("applied", StringComparison.Ordinal);
    }

    /// <summary>Whether a number is connected by now; false as long as nobody can tell.</summary>
    public async Task<bool> HasAsync(string customer, long number, CancellationToken cancellation)
    {
        using var answer = await client.GetAsync($"/api/projects/{credentials.ProjectId}/customers/{customer}/connection", cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            return false;
        }

        using var connection = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
        return connection.RootElement.GetProperty("numbers").EnumerateArray().Any(known =>
            known.GetProperty("phone_number_id").ValueEquals($"{number}") && known.GetProperty("status").ValueEquals("connected"));
    }

    public void Dispose() => client.Dispose();
}
