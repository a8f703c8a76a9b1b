namespace Kapso.Web.Audit;

/// <summary>What is done here, as the audit names it. A name that was ever written is never given another meaning.</summary>
internal static class AuditActions
{
    public const string SignIn = "sign_in";
    public const string SignInRefused = "sign_in.refused";
    public const string SignOut = "sign_out";
    public const string KeyRefused = "key.refused";
    public const string CreateCustomer = "customer.create";
    public const string ChangeCustomer = "customer.change";
    public const string EraseCustomer = "customer.erase";
    public const string GreetCustomer = "customer.greet";
    public const string IssueLink = "link.issue";
    public const string ReconnectLink = "link.reconnect";
    public const string RegisterLink = "link.register";
    public const string RevokeLink = "link.revoke";
    public const string MakeRedirectUrls = "redirect_urls.make";
    public const string ResendEffect = "effect.resend";
    public const string SettleEffect = "effect.settle";
    public const string ReplayParked = "parked.replay";
    public const string DiscardParked = "parked.discard";
    public const string RunReconciliation = "reconciliation.run";
    public const string AcceptStore = "store.accept";
    public const string CreateReceiver = "receiver.create";
    public const string ChangeReceiver = "receiver.change";
    public const string RotateReceiver = "receiver.rotate";
    public const string DisableReceiver = "receiver.disable";
    public const string EnableReceiver = "receiver.enable";
    public const string RemoveReceiver = "receiver.remove";
    public const string TestReceiver = "receiver.test";
    public const string ResendMessage = "message.resend";
    public const string ResendMessages = "message.resend_failed";
    public const string TestSetup = "webhook.test";
    public const string RotateWebhook = "webhook.rotate";
    public const string KeepWebhook = "webhook.keep";
    public const string ExportAudit = "audit.export";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        CreateCustomer, ChangeCustomer, EraseCustomer, GreetCustomer, IssueLink, ReconnectLink, RegisterLink, RevokeLink, MakeRedirectUrls, ResendEffect, SettleEffect,
        ReplayParked, DiscardParked, RunReconciliation, AcceptStore, CreateReceiver, ChangeReceiver, RotateReceiver, DisableReceiver,
        EnableReceiver, RemoveReceiver, TestReceiver, ResendMessage, ResendMessages, TestSetup, RotateWebhook, KeepWebhook, ExportAudit, SignIn, SignOut, SignInRefused, KeyRefused,
    ];
}
