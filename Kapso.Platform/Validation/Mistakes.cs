using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>The mistakes found in the settings, each with the setting's full name.</summary>
internal sealed class Mistakes
{
    private readonly List<string> _all = [];

    public bool Any => _all.Count > 0;

    public IReadOnlyList<string> All => _all;

    /// <param name="setting">The name below <c>Kapso:</c>.</param>
    /// <param name="what">What is wrong and what to do; a sentence without its subject.</param>
    public void Add(string setting, string what) => _all.Add($"{KapsoOptions.Section}:{setting} {what}");
}
