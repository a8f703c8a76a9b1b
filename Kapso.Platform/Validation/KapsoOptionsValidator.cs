using Kapso.Platform.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Validation;

/// <summary>
/// Checks all settings at the start and names every mistake with its setting and what to do. No message holds a value
/// that could be a secret.
/// </summary>
internal sealed class KapsoOptionsValidator(IHostEnvironment environment, bool surface) : IValidateOptions<KapsoOptions>
{
    private readonly bool _development = environment.IsDevelopment();

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, KapsoOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var mistakes = new Mistakes();

        ProjectRules.Check(options.Projects, mistakes);
        if (surface)
            SurfaceRules.Check(options, _development, mistakes);
        ReceiverRules.Check(options, _development, mistakes);
        WorkRules.Check(options, mistakes);

        return mistakes.Any ? ValidateOptionsResult.Fail(mistakes.All) : ValidateOptionsResult.Success;
    }
}
