using Kapso.Platform.Api;

namespace Kapso.Platform.Customers;

/// <summary>What became of an order for a customer of the platform's.</summary>
/// <param name="Answer">The customer, or why there is none.</param>
/// <param name="IsCreated">Whether it was made for this order; else it was there, or another order that came at the same time made it.</param>
/// <param name="IsInProgress">Somebody else is making it, or was and has not said what became of it: nothing was done.</param>
public sealed record CustomerOrderResult(PlatformAnswer<PlatformCustomer> Answer, bool IsCreated = false, bool IsInProgress = false);
