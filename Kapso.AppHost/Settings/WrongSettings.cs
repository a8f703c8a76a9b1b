using Kapso.Platform.Validation;
using Microsoft.Extensions.Configuration;

namespace Kapso.AppHost.Settings;

/// <summary>What is wrong with the settings that are handed on to the processes, which would each end at their start.</summary>
internal static class WrongSettings
{
    // What parameters and addresses give to the processes, as far as the rules ask for it.
    private static readonly Dictionary<string, string?> Given = new()
    {
        ["Kapso:Projects:0:Id"] = "project",
        ["Kapso:Projects:0:WebhookSecrets:0"] = "secret",
        ["Kapso:Management:ApiKey"] = "management-key-of-16",
        ["Kapso:PublicUrl"] = "https://localhost",
        ["Kapso:Welcome:Callback:Secret"] = "whsec_" + new string('A', 44),
    };

    /// <summary>
    /// Ends a run on this machine where a setting below <c>Kapso:</c> is wrong, with a sentence for each. What is published is checked
    /// where it runs, by the values that it has there.
    /// </summary>
    public static void RefuseWrongSettings(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode)
            return;
        var settings = new Dictionary<string, string?>(Given);
        if ("template".Equals(builder.Configuration["Kapso:Welcome:Flow"], StringComparison.OrdinalIgnoreCase))
            settings["Kapso:Projects:0:ApiKey"] = "key";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).AddConfiguration(builder.Configuration).Build();
        var mistakes = KapsoOptionsValidator.MistakesIn(configuration, development: true);
        if (mistakes.Count > 0)
        {
            throw Refusal.Because(mistakes is [var only] ? only : string.Join(
                Environment.NewLine, ["The application host does not start: several settings are wrong.", .. mistakes.Select(mistake => $"  - {mistake}")]));
        }
    }
}
