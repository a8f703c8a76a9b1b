namespace Kapso.Platform.Reconciling;

/// <summary>What has to hold for a project's webhooks to arrive, in this order.</summary>
public enum SetupStep
{
    /// <summary>The platform takes the project's key.</summary>
    ApiKey,

    /// <summary>This process and the platform have the same time, within a minute.</summary>
    Clock,

    /// <summary>A webhook of the project has our address and every event, and is not paused.</summary>
    Webhook,

    /// <summary>The platform's test delivery comes here.</summary>
    Reachable,

    /// <summary>It is signed with a secret that is known here.</summary>
    Signature,

    /// <summary>It is understood.</summary>
    Event,
}

/// <summary>How a step of the set-up stands.</summary>
public enum SetupState
{
    /// <summary>It could not be found out.</summary>
    NotKnown,

    /// <summary>It is as it is to be.</summary>
    Holds,

    /// <summary>It is not.</summary>
    Fails,
}

/// <summary>What a test of the set-up found of one step.</summary>
/// <param name="Step">The step.</param>
/// <param name="State">How it stands.</param>
/// <param name="Detail">What was found, and what to do where it does not hold.</param>
public sealed record SetupFinding(SetupStep Step, SetupState State, string Detail);
