namespace Kapso.Testing;

/// <summary>Waits for what no event tells of, with an end, and a sentence that says what was awaited.</summary>
internal static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5); // More than anything is put off by itself.

    /// <summary>Waits for a condition, and says what was awaited if it does not come.</summary>
    public static async Task ForAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (patience.IsCancellationRequested)
                Assert.Fail($"Waited {Patience.TotalSeconds} s for: {what}");
            await Task.Delay(5);
        }
    }

    public static Task ForAsync(Func<bool> condition, string what) => ForAsync(() => Task.FromResult(condition()), what);

    public static async Task<T> For<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds} s for: {what}");
        }
    }

    /// <summary>Waits until the outbox is empty.</summary>
    public static Task ForOutboxAsync(IConnectionEngine engine) =>
        ForAsync(async () => (await engine.CheckAsync(CancellationToken.None)).OutboxWaiting == 0, "an empty outbox");
}
