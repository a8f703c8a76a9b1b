using System.Collections.Concurrent;
using Kapso.Web.Operators.SignIn;
using Microsoft.AspNetCore.DataProtection;

namespace Kapso.Tests.Operators;

/// <summary>The sign-outs of several processes and the keys that seal their cookies, as the cluster's Redis has them; or does not answer.</summary>
internal sealed class SharedSignOuts : ISignOuts
{
    private readonly ConcurrentDictionary<string, bool> _ended = [];

    public IDataProtectionProvider Keys { get; init; } = new EphemeralDataProtectionProvider();

    public bool IsAway { get; set; }

    public void AddTo(WebApplicationBuilder builder) => builder.Services.AddSingleton<ISignOuts>(this).AddSingleton(Keys);

    public Task EndAsync(OperatorSession session, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        _ended[session.Nonce] = true;
        return Task.CompletedTask;
    }

    public Task<bool> HasEndedAsync(OperatorSession session, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        return Task.FromResult(_ended.ContainsKey(session.Nonce));
    }

    private void ThrowIfAway()
    {
        if (IsAway)
            throw new EngineUnavailableException("The test's Redis is away.");
    }
}
