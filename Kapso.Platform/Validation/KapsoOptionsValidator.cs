using Kapso.Platform.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Validation;

/// <summary>
/// Checks all settings at the start and names every mistake with its setting and what to do. No message holds a value
/// that could be a secret.
/// </summary>
public sealed class KapsoOptionsValidator : IValidateOptions<KapsoOptions>
{
    private readonly SettingsReading _reading;
    private readonly bool _development;
    private readonly bool _surface;

    internal KapsoOptionsValidator(SettingsReading reading, bool development, bool surface) =>
        (_reading, _development, _surface) = (reading, development, surface);

    /// <summary>All that is wrong with the settings of a process that serves browsers; empty where nothing is.</summary>
    /// <param name="configuration">Where they come from.</param>
    /// <param name="development">Whether they are those of a run in Development, which needs less.</param>
    public static IReadOnlyList<string> MistakesIn(IConfiguration configuration, bool development)
    {
        var reading = SettingsReading.Of(configuration);
        var options = new KapsoOptions();
        reading.Fill(options);
        SecretLineEnds.Trim(options);
        return [.. new KapsoOptionsValidator(reading, development, surface: true).Validate(null, options).Failures ?? []];
    }

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, KapsoOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var mistakes = new Mistakes(_reading.Mistakes);

        // Their mistakes are named by their places, which are known once none is left out.
        if (!_reading.LeavesOut)
            ProjectRules.Check(options, _surface, mistakes);
        if (_surface)
            SurfaceRules.Check(options, _development, mistakes);
        ReceiverRules.Check(options, _development, mistakes);
        WorkRules.Check(options, mistakes);
        ReconnectRules.Check(options, _surface, mistakes);

        return mistakes.Any ? ValidateOptionsResult.Fail(mistakes.All) : ValidateOptionsResult.Success;
    }
}
