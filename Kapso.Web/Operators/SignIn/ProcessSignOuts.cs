using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Kapso.Web.Operators.SignIn;

/// <summary>The sign-outs of the only process there is, in its memory. After a restart everybody signs in anew.</summary>
internal sealed class ProcessSignOuts(TimeProvider time) : ISignOuts
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Reach { get; } = RandomNumberGenerator.GetHexString(32);

    /// <inheritdoc/>
    public Task EndAsync(OperatorSession session, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (nonce, until) in _ended)
        {
            if (until <= now)
                _ended.TryRemove(nonce, out _);
        }

        _ended[session.Nonce] = session.EndsAt;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> HasEndedAsync(OperatorSession session, CancellationToken cancellationToken) =>
        Task.FromResult(_ended.ContainsKey(session.Nonce));
}
