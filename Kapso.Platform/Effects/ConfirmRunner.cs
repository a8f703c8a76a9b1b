using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Numbers;

namespace Kapso.Platform.Effects;

/// <summary>Asks the platform about one number of a customer. Its answer observes and settles in one write.</summary>
internal sealed class ConfirmRunner(PlatformClients clients, TimeProvider time) : IEffectRunner
{
    /// <summary>The name that answers have in the timeline.</summary>
    internal const string Event = "api.confirm";

    /// <inheritdoc/>
    public EffectKind Kind => EffectKind.Confirm;

    /// <inheritdoc/>
    public async Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        if (clients.Find(claimed.Key.ProjectId) is not { } client)
            return EffectResult.Retry("The project has no ApiKey: the platform cannot be asked.");
        if (claimed.Effect.PhoneNumberId is not { } number)
            return EffectResult.Dead("The confirm names no number.");

        var answer = await client.ListNumbersAsync(
            claimed.Key.CustomerId, number, page: null, CallPurpose.Confirmation, cancellationToken);
        return answer.IsDone
            ? Read(answer.Value, number, claimed)
            : EffectResult.Retry(answer.Error, answer.RetryAfter); // whatever it is, asking again repeats nothing
    }

    private EffectResult Read(PlatformPage<PlatformNumber> page, string number, ClaimedEffect claimed)
    {
        if (!NumberAnswers.TryRead(page, number, out var row))
            return EffectResult.Retry("The platform's list is not the answer to what was asked: the number is neither in it nor is it empty.");

        var answer = NumberAnswers.Observe(row, number, claimed.Key.CustomerId, Event, time.GetUtcNow());
        return EffectResult.Done with { Answer = answer with { TraceParent = claimed.Effect.TraceParent } };
    }
}
