namespace Kapso.Engines.Budget;

/// <summary>How many of a minute's calls each purpose may use.</summary>
public static class Shares
{
    private const double OfUnknownRedirects = 0.05;
    private const double OfReconciliation = 0.30;

    /// <summary>Calls per minute for the purpose; at least one, so that a small plan starves nobody.</summary>
    public static int Of(CallPurpose purpose, int requestsPerMinute) => purpose switch
    {
        CallPurpose.UnknownRedirect => AtLeastOne(requestsPerMinute * OfUnknownRedirects),
        CallPurpose.Reconciliation => AtLeastOne(requestsPerMinute * OfReconciliation),
        _ => requestsPerMinute,
    };

    private static int AtLeastOne(double share) => Math.Max(1, (int)share);
}
