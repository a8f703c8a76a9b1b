namespace Kapso.Web.Customers.Redirects;

/// <summary>
/// The <c>reason</c> that a browser carries to the company's own page: one of these, or one of
/// <see cref="Connections.Redirects.SetupErrorCodes"/>. A convenience for the page's wording, never a proof.
/// </summary>
internal static class RedirectReason
{
    /// <summary>The setup was received and is being confirmed.</summary>
    public const string Received = "received";

    /// <summary>A number is connected.</summary>
    public const string Connected = "connected";

    /// <summary>The number was connected and is not any more.</summary>
    public const string Disconnected = "disconnected";

    /// <summary>The platform does not bear the number out.</summary>
    public const string NotConfirmed = "not_confirmed";
}
