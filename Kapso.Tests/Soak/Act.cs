namespace Kapso.Tests.Soak;

/// <summary>What a customer, or the company for them, does.</summary>
internal enum Act
{
    /// <summary>The company has a setup link made.</summary>
    Invite,

    /// <summary>The company has another one made in its place.</summary>
    Replace,

    /// <summary>The company takes the link back.</summary>
    Revoke,

    /// <summary>The setup fails.</summary>
    Fail,

    /// <summary>The customer connects a number through the link.</summary>
    Connect,

    /// <summary>The customer connects the number that was deleted through another link.</summary>
    ConnectAgain,

    /// <summary>The customer connects the phone of the number that was deleted, which is another number now.</summary>
    ConnectUnderNewId,

    /// <summary>The customer connects a number that another customer has.</summary>
    TakeOver,

    /// <summary>A number is connected without a link and without a browser.</summary>
    ConnectDirectly,

    /// <summary>The browser is sent back, if the platform does so.</summary>
    Return,

    /// <summary>The number is deleted.</summary>
    Delete,

    /// <summary>Meta offboards the number.</summary>
    Offboard,

    /// <summary>The number loses its connection.</summary>
    Disconnect,

    /// <summary>It has its connection back.</summary>
    Reconnect,

    /// <summary>WhatsApp has not approved it (any more).</summary>
    Hold,

    /// <summary>WhatsApp has approved it.</summary>
    Approve,

    /// <summary>It is one to try things with.</summary>
    MakeSandbox,

    /// <summary>It is a number like others.</summary>
    MakeProduction,
}
