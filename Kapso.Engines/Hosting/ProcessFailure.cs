namespace Kapso.Engines.Hosting;

/// <summary>
/// Ends the process where it can do nothing right any more, such as when its store was taken from under it. Whoever started the process
/// starts it anew.
/// </summary>
public sealed class ProcessFailure
{
    private readonly TaskCompletionSource<string> _reported = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with what was reported first.</summary>
    public Task<string> Reported => _reported.Task;

    /// <summary>Has the process end at once, with exit code 1.</summary>
    /// <param name="sentence">Why, and what to do, for whoever reads one line.</param>
    public void Report(string sentence) => _reported.TrySetResult(sentence);
}
