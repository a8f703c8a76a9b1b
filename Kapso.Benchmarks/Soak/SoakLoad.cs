using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Kapso.Benchmarks.Soak;

/// <summary>What a customer went through, as far as it was answered.</summary>
internal sealed class SoakCustomer(Guid id, long number)
{
    public Guid Id => id;

    public long Number => number;

    /// <summary>Whether the number is connected, by the last delivery that was answered.</summary>
    public bool IsConnected { get; set; }

    /// <summary>Whether a delivery was given up, as the platform does after the fourth attempt: it may have been folded in or not.</summary>
    public bool IsDoubtful { get; set; }

    /// <summary>Whether any was answered.</summary>
    public bool IsKnown { get; set; }
}

/// <summary>
/// The platform: sends at a steady rate, most of it of new customers, and some of what becomes of earlier ones: the number goes, comes back,
/// a delivery comes twice. What is not answered 200 is sent again after 10, 40 and 90 s with the same key, and then given up. Of one
/// customer there is one delivery at a time.
/// </summary>
internal sealed class SoakLoad(Uri address, TargetCredentials credentials, Random random) : IDisposable
{
    private const long FirstNumber = 300_000_000_000_000;
    private const string Created = "whatsapp.phone_number.created";
    private const string Deleted = "whatsapp.phone_number.deleted";
    private const string Reconnected = "whatsapp.phone_number.reconnected";

    private static readonly TimeSpan[] Retries = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(90)];
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = address, Timeout = AnswerLimit };
    private readonly ConcurrentQueue<SoakCustomer> idle = new();
    private readonly Lock guard = new();
    private HttpStatusCode? unexpected;
    private volatile bool isOver;
    private long lastAnswer = Stopwatch.GetTimestamp();

    /// <summary>All customers of whom something was sent.</summary>
    public ConcurrentBag<SoakCustomer> Customers { get; } = [];

    /// <summary>Deliveries that were answered 200.</summary>
    public int Answered { get; private set; }

    /// <summary>Of those, how many were kept for later.</summary>
    public int Parked { get; private set; }

    /// <summary>Attempts that were answered 503.</summary>
    public int Unavailable { get; private set; }

    /// <summary>Attempts that were not answered at all.</summary>
    public int Unanswered { get; private set; }

    /// <summary>Deliveries of which no attempt was answered 200.</summary>
    public int GivenUp { get; private set; }

    /// <summary>The longest time between two answers of 200, as long as new deliveries are sent.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>Sends until it is cancelled, and returns once each delivery is answered or given up.</summary>
    /// <exception cref="BenchmarkException">One was answered otherwise than the platform may be.</exception>
    public async Task RunAsync(double perSecond, CancellationToken stop)
    {
        var flying = new ConcurrentDictionary<Task, bool>();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1 / perSecond));
        while (!stop.IsCancellationRequested)
        {
            var step = StepAsync();
            flying.TryAdd(step, true);
            _ = step.ContinueWith(done => flying.TryRemove(done, out _), TaskScheduler.Default);
            try
            {
                await pace.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        isOver = true;
        await Task.WhenAll(flying.Keys);
        if (unexpected is { } status)
        {
            throw new BenchmarkException($"A delivery was answered {(int)status}.");
        }
    }

    public void Dispose() => client.Dispose();

    private Task StepAsync()
    {
        // Of five deliveries, one is of an earlier customer.
        if (random.Next(5) > 0 || !idle.TryDequeue(out var known))
        {
            var added = new SoakCustomer(Guid.NewGuid(), FirstNumber + Customers.Count);
            Customers.Add(added);
            return DeliverAsync(added, Created, connects: true, repeat: random.Next(10) == 0);
        }

        return known.IsConnected
            ? DeliverAsync(known, Deleted, connects: false, repeat: false)
            : DeliverAsync(known, Reconnected, connects: true, repeat: false);
    }

    private async Task DeliverAsync(SoakCustomer customer, string @event, bool connects, bool repeat)
    {
        var key = Guid.NewGuid().ToString();
        if (await SendAsync(customer, @event, key))
        {
            (customer.IsKnown, customer.IsConnected) = (true, connects);
            if (repeat)
            {
                await SendAsync(customer, @event, key);
            }

            idle.Enqueue(customer);
        }
        else
        {
            customer.IsDoubtful = true;
        }
    }

    private async Task<bool> SendAsync(SoakCustomer customer, string @event, string key)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (await TrySendAsync(customer, @event, key))
            {
                return true;
            }

            if (attempt == Retries.Length)
            {
                lock (guard)
                {
                    GivenUp++;
                }

                return false;
            }

            await Task.Delay(Retries[attempt]);
        }
    }

    private async Task<bool> TrySendAsync(SoakCustomer customer, string @event, string key)
    {
        using var request = credentials.NewWebhook($"{customer.Id}", customer.Number, @event, key);
        try
        {
            using var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Count(answer.StatusCode, text.Contains("parked", StringComparison.Ordinal));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Count(null, parked: false);
            return false;
        }
    }

    private void Count(HttpStatusCode? status, bool parked)
    {
        lock (guard)
        {
            switch (status)
            {
                case HttpStatusCode.OK:
                    Answered++;
                    Parked += parked ? 1 : 0;
                    var gap = isOver ? TimeSpan.Zero : Stopwatch.GetElapsedTime(lastAnswer);
                    LongestGap = gap > LongestGap ? gap : LongestGap;
                    lastAnswer = Stopwatch.GetTimestamp();
                    break;
                case HttpStatusCode.ServiceUnavailable:
                    Unavailable++;
                    break;
                case null:
                    Unanswered++;
                    break;
                default:
                    unexpected ??= status;
                    break;
            }
        }
    }
}
