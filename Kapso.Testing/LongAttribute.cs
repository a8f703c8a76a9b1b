using Xunit.v3;

namespace Kapso.Testing;

/// <summary>Tests of soak, of killed processes, of every fault of the platform, or in a browser: minutes, which the fast run leaves out (<c>fast.runsettings</c>).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LongAttribute : Attribute, ITraitAttribute
{
    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Run", "Long")];
}
