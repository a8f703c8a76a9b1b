using System.Net;
using System.Text.Json;

namespace Kapso.Benchmarks.Targets;

/// <summary>Asks a target what it kept: every customer, by pages, and which welcomes are settled.</summary>
internal sealed class StoredState : IDisposable
{
    private const int PageSize = 1000;
    private const int Parallelism = 16;

    private readonly HttpClient client;
    private readonly string project;
    private readonly bool countsUnsettled;

    /// <param name="address">Where it listens.</param>
    /// <param name="credentials">The project, and the key that it is asked with.</param>
    /// <param name="countsUnsettled">A peer counts its unsettled rows itself; a Kapso service is asked for each customer.</param>
    public StoredState(Uri address, TargetCredentials credentials, bool countsUnsettled = false)
    {
        client = credentials.NewClient(address);
        client.Timeout = TimeSpan.FromSeconds(60);
        project = $"/api/projects/{credentials.ProjectId}";
        this.countsUnsettled = countsUnsettled;
    }

    /// <summary>Every customer of the project, page by page.</summary>
    public async Task<HashSet<Guid>> ReadCustomersAsync(CancellationToken cancellation)
    {
        var customers = new HashSet<Guid>();
        string? cursor = null;
        do
        {
            var after = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            using var page = await ReadAsync($"{project}/connections?limit={PageSize}{after}", cancellation)
                ?? throw new BenchmarkException($"{client.BaseAddress} has no {project}/connections.");
            foreach (var item in page.RootElement.GetProperty("items").EnumerateArray())
            {
                // Other customers may have been there before, with ids of another form.
                if (Guid.TryParse(item.GetProperty("customer_id").GetString(), out var customer))
                {
                    customers.Add(customer);
                }
            }

            cursor = page.RootElement.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }
        while (!string.IsNullOrEmpty(cursor));

        return customers;
    }

    /// <summary>How many of these customers' welcomes are not settled as done.</summary>
    public async Task<long> CountUnsettledAsync(IEnumerable<Guid> customers, CancellationToken cancellation)
    {
        if (countsUnsettled)
        {
            using var outbox = await ReadAsync("/outbox", cancellation);
            return outbox!.RootElement.GetProperty("unsettled").GetInt64();
        }

        long unsettled = 0;
        await Parallel.ForEachAsync(
            customers,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellation },
            async (customer, stop) =>
            {
                using var connection = await ReadAsync($"{project}/customers/{customer}/connection", stop);
                if (connection is null || !IsSettled(connection.RootElement))
                {
                    Interlocked.Increment(ref unsettled);
                }
            });
        return unsettled;
    }

    public void Dispose() => client.Dispose();

    private static bool IsSettled(JsonElement connection) =>
        connection.GetProperty("numbers") is var numbers
        && numbers.GetArrayLength() > 0
        && numbers.EnumerateArray().All(number =>
            number.GetProperty("welcome") is { ValueKind: JsonValueKind.Object } welcome
            && welcome.GetProperty("status").ValueEquals("done"));

    private async Task<JsonDocument?> ReadAsync(string path, CancellationToken cancellation)
    {
        using var answer = await client.GetAsync(path, cancellation);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        return answer.IsSuccessStatusCode
            ? await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation)
            : throw new BenchmarkException($"GET {path} was answered {(int)answer.StatusCode} {answer.ReasonPhrase}.");
    }
}
