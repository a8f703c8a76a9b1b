namespace Kapso.Engines.Budget;

/// <summary>What a call to the platform is made for, those that go first at the top.</summary>
public enum CallPurpose
{
    /// <summary>Somebody waits for the answer: a setup link, a customer.</summary>
    Management,

    /// <summary>Checks what a browser or a webhook claimed.</summary>
    Confirmation,

    /// <summary>Sends a welcome, or looks whether it was sent.</summary>
    Welcome,

    /// <summary>Asks for the number of a redirect that no customer is known for. Anybody can cause it.</summary>
    UnknownRedirect,

    /// <summary>Looks for what was missed.</summary>
    Reconciliation,
}
