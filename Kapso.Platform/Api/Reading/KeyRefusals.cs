using System.Text.RegularExpressions;

namespace Kapso.Platform.Api.Reading;

/// <summary>
/// Whether a refusal is the API key's: a 401, or a 403 that speaks of the key. Any other 403 forbids what was asked for (a sandbox
/// number without a session, a plan without the feature), and another key would not help.
/// </summary>
internal static partial class KeyRefusals
{
    public static bool Is(int status, string? code, string words) =>
        status == 401 || (status == 403 && (Key().IsMatch(words) || (code is not null && Key().IsMatch(code))));

    [GeneratedRegex(@"api[\s_-]?key|(?<!idempotency[\s_-])(?<![a-z])keys?(?![a-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}
