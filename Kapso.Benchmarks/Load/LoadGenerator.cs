using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HdrHistogram;

namespace Kapso.Benchmarks.Load;

/// <summary>Sends deliveries over a fixed number of connections, all on the calling thread.</summary>
internal sealed class LoadGenerator : IDisposable
{
    /// <summary>The platform gives up after 10 s; an answer later than that is a failure.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>How long an open loop that fell behind may take to send what its schedule still holds.</summary>
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(100);

    private readonly Epoll epoll;
    private readonly LoadConnection[] connections;
    private readonly Deliveries deliveries;
    private readonly int expectedStatus;
    private readonly Stack<int> idle = new();
    private readonly Stack<int> broken = new();

    private LongHistogram latency = NewHistogram();
    private TimeSpan slowest;
    private Dictionary<string, long> errors = [];
    private int next;
    private int inFlight;

    /// <summary>Opens the connections, to each endpoint in turn.</summary>
    /// <exception cref="SocketException">Nothing listens at an endpoint.</exception>
    public LoadGenerator(IReadOnlyList<IPEndPoint> endpoints, int connectionCount, Deliveries deliveries, int expectedStatus)
    {
        this.deliveries = deliveries;
        this.expectedStatus = expectedStatus;
        epoll = new Epoll(connectionCount);
        connections = new LoadConnection[connectionCount];
        for (var token = 0; token < connectionCount; token++)
        {
            connections[token] = new LoadConnection(endpoints[token % endpoints.Count]);
            connections[token].Open(epoll, token);
            idle.Push(token);
        }
    }

    /// <summary>The deliveries that got the expected status, over all runs of this generator.</summary>
    public List<int> Answered { get; } = [];

    /// <summary>How many deliveries were sent, over all runs of this generator.</summary>
    public int Sent => next;

    /// <summary>Runs once; deliveries go on where the last run stopped.</summary>
    /// <param name="duration">How long requests are sent.</param>
    /// <param name="rate">
    /// Requests per second of an open loop, sent on schedule whether or not earlier ones were answered;
    /// <see langword="null"/> for a closed loop, where each connection sends as soon as it has its answer.
    /// </param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="limit">The most requests that a closed loop sends.</param>
    public LoadResult Run(TimeSpan duration, double? rate, CancellationToken cancellation, int limit = int.MaxValue)
    {
        latency = NewHistogram();
        slowest = TimeSpan.Zero;
        errors = [];
        var signed = deliveries.Signed;
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        var stopAt = start + Timestamps(duration);
        var giveUpAt = stopAt + Timestamps(CatchUpLimit);
        var first = next;
        var scheduled = rate is { } each ? (int)(each * duration.TotalSeconds) : limit;
        var lastAnswer = start;
        var checkAt = start;

        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var now = Stopwatch.GetTimestamp();
            var wait = CheckInterval;
            var open = next - first < scheduled && now < (rate is null ? stopAt : giveUpAt);
            while (open && idle.Count > 0 && next - first < scheduled)
            {
                var dueAt = now;
                if (rate is { } perSecond)
                {
                    dueAt = start + (long)((next - first) / perSecond * Stopwatch.Frequency);
                    if (dueAt > now)
                    {
                        wait = Stopwatch.GetElapsedTime(now, dueAt);
                        break;
                    }
                }

                Send(idle.Pop(), dueAt);
            }

            if (!open && inFlight == 0)
            {
                break;
            }

            // A wait is rounded up to a millisecond: what is sent late by that counts as latency.
            var ready = epoll.Wait((int)Math.Ceiling(Math.Min(wait.TotalMilliseconds, CheckInterval.TotalMilliseconds)));
            for (var position = 0; position < ready; position++)
            {
                lastAnswer = Receive(epoll.Token(position), lastAnswer);
            }

            if (now >= checkAt)
            {
                checkAt = now + Timestamps(CheckInterval);
                Repair(now);
            }
        }

        if (rate is not null && next - first < scheduled)
        {
            errors["not sent"] = scheduled - (next - first);
        }

        var end = rate is null ? lastAnswer : Math.Max(lastAnswer, Math.Min(stopAt, Stopwatch.GetTimestamp()));
        return new LoadResult(
            latency.TotalCount,
            Stopwatch.GetElapsedTime(start, end),
            latency,
            slowest,
            errors,
            Environment.CpuUsage.TotalTime - cpu,
            deliveries.Signed - signed);
    }

    public void Dispose()
    {
        foreach (var connection in connections)
        {
            connection.Dispose();
        }

        epoll.Dispose();
    }

    private static LongHistogram NewHistogram() => new(TimeSpan.TicksPerDay, numberOfSignificantValueDigits: 3);

    private static long Timestamps(TimeSpan duration) => (long)(duration.TotalSeconds * Stopwatch.Frequency);

    private void Send(int token, long dueAt)
    {
        var delivery = next++;
        inFlight++;
        try
        {
            connections[token].Send(deliveries.Request(delivery), delivery, dueAt, Stopwatch.GetTimestamp());
        }
        catch (SocketException exception)
        {
            Fail(token, $"send: {exception.SocketErrorCode}");
        }
    }

    private long Receive(int token, long lastAnswer)
    {
        var connection = connections[token];
        var wasInFlight = connection.InFlight;
        try
        {
            if (connection.Receive() is not { } response)
            {
                return lastAnswer;
            }

            var now = Stopwatch.GetTimestamp();
            inFlight--;
            if (response.Status == expectedStatus)
            {
                var elapsed = Stopwatch.GetElapsedTime(connection.DueAt, now);
                latency.RecordValue(elapsed.Ticks);
                slowest = elapsed > slowest ? elapsed : slowest;
                Answered.Add(connection.Delivery);
            }
            else
            {
                Count($"status {response.Status}");
            }

            (response.KeepAlive ? idle : broken).Push(token);
            return now;
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException or InvalidDataException)
        {
            if (wasInFlight || exception is InvalidDataException)
            {
                Count(exception is EndOfStreamException ? "connection closed" : exception.Message);
            }

            Break(token, wasInFlight);
            return lastAnswer;
        }
    }

    private void Fail(int token, string kind)
    {
        Count(kind);
        Break(token, wasInFlight: true);
    }

    private void Break(int token, bool wasInFlight)
    {
        if (wasInFlight)
        {
            inFlight--;
        }

        connections[token].Dispose();
        if (broken.Contains(token))
        {
            return;
        }

        if (!wasInFlight)
        {
            // Closed while nothing was asked: it must not be found among the idle ones any more.
            var others = idle.Where(other => other != token).ToArray();
            idle.Clear();
            Array.ForEach(others, idle.Push);
        }

        broken.Push(token);
    }

    /// <summary>Gives up on answers that do not come and opens broken connections again.</summary>
    private void Repair(long now)
    {
        for (var token = 0; token < connections.Length; token++)
        {
            if (connections[token].InFlight && !broken.Contains(token)
                && Stopwatch.GetElapsedTime(connections[token].SentAt, now) > AnswerLimit)
            {
                Fail(token, "no answer");
            }
        }

        for (var count = broken.Count; count > 0; count--)
        {
            var token = broken.Peek();
            try
            {
                connections[token].Open(epoll, token);
            }
            catch (SocketException exception)
            {
                Count($"connect: {exception.SocketErrorCode}");
                return;
            }

            broken.Pop();
            idle.Push(token);
        }
    }

    private void Count(string kind) => errors[kind] = errors.GetValueOrDefault(kind) + 1;
}
