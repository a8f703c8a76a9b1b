using System.Globalization;
using Kapso.Platform.Settings;
using Kapso.Simulator;

namespace Kapso.Embedded.Demonstration;

/// <summary>
/// The simulated platform of a development run, in the same process, with the service pointed at it: so that a setup link can be
/// played from end to end without an account.
/// </summary>
internal static class DemonstrationPlatform
{
    /// <summary>Where it is mounted.</summary>
    public const string Path = "/simulator";

    /// <summary>What an example's webhook speaks of.</summary>
    public const string CustomerId = "de300000-0000-4000-8000-000000000002";

    /// <inheritdoc cref="CustomerId"/>
    public const string PhoneNumberId = "123456789012345";

    /// <summary>Adds it, and what the service needs to know of it.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="secrets">Webhook secret and API key of the demonstration project.</param>
    /// <param name="folder">Where it keeps its state.</param>
    /// <returns>
    /// False where another platform is configured, or the service does not know its own address yet: the two call each other.
    /// </returns>
    public static bool TryAdd(WebApplicationBuilder builder, DemonstrationSecrets secrets, string folder)
    {
        var settings = builder.Configuration.GetSection(KapsoOptions.Section);
        if (settings["Platform:BaseUrl"] is { Length: > 0 } || LocalAddress.Find(builder.Configuration) is not { } address)
            return false;

        builder.Services.AddKapsoSimulator(options =>
        {
            options.ProjectId = DemonstrationProject.Id;
            options.ApiKey = secrets.ApiKey;
            options.WebhookSecret = secrets.WebhookSecret;
            options.WebhookUrl = new Uri($"{address}/webhooks/project/{DemonstrationProject.Id}");
            options.PublicUrl = new Uri(address + Path);
            options.StatePath = System.IO.Path.Combine(folder, "simulator.json");
            options.Seed = int.TryParse(builder.Configuration[$"{SimulatorOptions.Section}:{nameof(SimulatorOptions.Seed)}"], CultureInfo.InvariantCulture, out var seed) ? seed : null;
            options.Sample = new SampleNumber { CustomerId = CustomerId, PhoneNumberId = PhoneNumberId };
        });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kapso:Platform:BaseUrl"] = address + Path,
            ["Kapso:Projects:0:ApiKey"] = secrets.ApiKey,
            ["Kapso:PublicUrl"] = settings["PublicUrl"] is { Length: > 0 } configured ? configured : address,
        });
        return true;
    }
}
