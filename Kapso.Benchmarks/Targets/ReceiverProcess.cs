using Kapso.Benchmarks.Servers;

namespace Kapso.Benchmarks.Targets;

/// <summary>A running <see cref="WelcomeReceiver"/>.</summary>
internal sealed class ReceiverProcess(ChildProcess process, Uri address) : IAsyncDisposable
{
    private readonly HttpClient client = new() { BaseAddress = address };

    public Uri Address => address;

    /// <summary>Where welcomes are posted to.</summary>
    public Uri Welcomes => new(address, "/welcome");

    public async Task<WelcomeCount> CountAsync(CancellationToken cancellation) =>
        (await client.GetFromJsonAsync(new Uri("/count", UriKind.Relative), ReceiverJson.Default.WelcomeCount, cancellation))!;

    /// <summary>The customers that were welcomed last, one for each distinct id, in the order of arrival.</summary>
    public async Task<IReadOnlyList<Guid>> ReadCustomersAsync(int last, CancellationToken cancellation)
    {
        var bytes = await client.GetByteArrayAsync(new Uri($"/customers?last={last}", UriKind.Relative), cancellation);
        var customers = new Guid[bytes.Length / 16];
        for (var index = 0; index < customers.Length; index++)
        {
            customers[index] = new Guid(bytes.AsSpan(index * 16, 16));
        }

        return customers;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await process.DisposeAsync();
    }
}
