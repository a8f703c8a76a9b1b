using System.Text.Json;

namespace Kapso.Simulator.World;

public sealed partial class SimulatedPlatform
{
    private static readonly JsonElement NoOptions = JsonElement.Parse("{}");

    /// <summary>Creates a link and revokes the customer's active one; null where there is no such customer.</summary>
    /// <param name="customerId">Whose it is.</param>
    /// <param name="successUrl">Where the browser goes after success.</param>
    /// <param name="failureUrl">Where it goes after a failure.</param>
    /// <param name="options">The members that it was asked for with.</param>
    /// <param name="pages">The address of the setup pages.</param>
    public SetupLink? CreateSetupLink(string customerId, string? successUrl, string? failureUrl, JsonElement options, string pages)
    {
        lock (_gate)
        {
            if (_customers.Find(customerId) is null)
                return null;
            foreach (var active in _links.OldestFirst.Where(link => link.CustomerId == customerId && link.StatusAt(Now) == SetupLink.Active).ToArray())
                _links.Put(active with { RevokedAt = Now });

            var token = _madeUp.Token("link");
            return _links.Put(new SetupLink
            {
                Id = _madeUp.Uuid("link"),
                CustomerId = customerId,
                Token = token,
                Url = $"{pages}/setup/{token}",
                SuccessRedirectUrl = successUrl,
                FailureRedirectUrl = failureUrl,
                Options = options.ValueKind == JsonValueKind.Undefined ? NoOptions : options,
                CreatedAt = Now,
                ExpiresAt = Now + _options.LinkLife,
            });
        }
    }

    public IReadOnlyList<SetupLink> SetupLinks(string? customerId = null, string? status = null)
    {
        lock (_gate)
        {
            return [.. _links.NewestFirst.Where(link =>
                (customerId is null || link.CustomerId == customerId) && (status is null || link.StatusAt(Now) == status))];
        }
    }

    public SetupLink? FindSetupLink(string id)
    {
        lock (_gate)
            return _links.Find(id);
    }

    public SetupLink? FindSetupLinkByToken(string token)
    {
        lock (_gate)
            return _links.NewestFirst.FirstOrDefault(link => link.Token == token);
    }

    /// <summary>Revokes a link, or gives it another end.</summary>
    public SetupLink? ChangeSetupLink(string customerId, string id, bool revoke, DateTimeOffset? expiresAt)
    {
        lock (_gate)
        {
            if (_links.Find(id) is not { } link || link.CustomerId != customerId)
                return null;
            return _links.Put(link with
            {
                RevokedAt = revoke ? link.RevokedAt ?? Now : link.RevokedAt,
                ExpiresAt = expiresAt ?? link.ExpiresAt,
            });
        }
    }
}
