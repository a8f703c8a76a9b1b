using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Kapso.AppHost.Settings;

/// <summary>Values that a run on this machine makes up for what is not configured, so that it needs no settings.</summary>
internal static class MadeUp
{
    /// <summary>The id of the demonstration project; belongs to nobody.</summary>
    public static string ProjectId() => "de300000-0000-4000-8000-000000000001";

    /// <summary>A random key: letters and digits, so that it can be pasted into a shell.</summary>
    public static string Key() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>A random secret in the form of Standard Webhooks.</summary>
    public static string StandardWebhookSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>An optional value that is not set.</summary>
    public static string Nothing() => "";
}

/// <summary>A parameter's value where none is configured. Kept among the user's secrets, so that the next run goes on with it.</summary>
internal sealed class MadeUpDefault(Func<string> make) : ParameterDefault
{
    /// <inheritdoc/>
    public override string GetDefaultValue() => make();

    /// <inheritdoc/>
    public override void WriteToManifest(ManifestPublishingContext context) =>
        throw new NotSupportedException("A made-up value is for runs on this machine; a published application asks for it.");
}
