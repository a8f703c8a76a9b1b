using System.Runtime.InteropServices;
using Kapso.Benchmarks.Servers;

namespace Kapso.Benchmarks.Targets;

/// <summary>A running <see cref="WelcomeReceiver"/>.</summary>
internal sealed class ReceiverProcess(ChildProcess process, Uri address) : IAsyncDisposable
{
    private readonly HttpClient client = new() { BaseAddress = address };

    /// <summary>Starts one on this port of the loopback address that takes so long for each welcome.</summary>
    public static async Task<ReceiverProcess> StartAsync(int port, CancellationToken cancellation, TimeSpan delay = default)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        var process = ChildProcess.StartSelf("the receiver", "serve-receiver", port, delay > TimeSpan.Zero ? ["--delay", $"{delay.TotalSeconds}"] : []);
        await process.WaitUntilReadyAsync(new Uri(address, "/alive"), cancellation);
        return new ReceiverProcess(process, address);
    }

    /// <summary>Where welcomes are posted to.</summary>
    public Uri Welcomes => new(address, "/welcome");

    public async Task<WelcomeCount> CountAsync(CancellationToken cancellation) =>
        (await client.GetFromJsonAsync<WelcomeCount>("/count", cancellation))!;

    /// <summary>The customers that were welcomed last, one for each distinct id, in the order of arrival.</summary>
    public async Task<IReadOnlyList<Guid>> ReadCustomersAsync(int last, CancellationToken cancellation) =>
        [.. (await ReadWelcomesAsync(last, cancellation)).Select(welcome => welcome.Customer)];

    /// <summary>The same, with when each was taken.</summary>
    public async Task<IReadOnlyList<TakenWelcome>> ReadWelcomesAsync(int last, CancellationToken cancellation) =>
        MemoryMarshal.Cast<byte, TakenWelcome>(await client.GetByteArrayAsync($"/welcomes?last={last}", cancellation)).ToArray();

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await process.DisposeAsync();
    }
}
