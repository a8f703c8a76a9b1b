namespace Kapso.Engines.Contract;

/// <summary>The webhooks that the service keeps at the platform. Part of <see cref="IConnectionEngine"/>, whose rules hold for it.</summary>
public interface IWebhooks
{
    /// <summary>The project's webhook, as last written.</summary>
    Task<KeptWebhook> ReadWebhookAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the project's webhook, unless somebody else wrote since it was read: the version is one above the one that is kept. Writing
    /// the very same again is no conflict.
    /// </summary>
    /// <returns>Whether it is written; false where it must be read again.</returns>
    Task<bool> SaveWebhookAsync(string projectId, KeptWebhook webhook, CancellationToken cancellationToken);
}
