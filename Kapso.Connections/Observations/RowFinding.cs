namespace Kapso.Connections.Observations;

/// <summary>Why the platform's rows do not prove that a number is connected and this customer's.</summary>
public enum RowFinding
{
    /// <summary>It lists no such number.</summary>
    NotListed,

    /// <summary>It lists the number as another customer's.</summary>
    AnotherCustomers,

    /// <summary>It lists the number as disconnected.</summary>
    Disconnected,

    /// <summary>The row names no customer.</summary>
    NoCustomer,

    /// <summary>The row names no WhatsApp Business Account.</summary>
    NoAccount,

    /// <summary>The row tells no status.</summary>
    NoStatus,

    /// <summary>The row has another status than that of a number that works, e.g. <c>PENDING</c>.</summary>
    OtherStatus,
}
