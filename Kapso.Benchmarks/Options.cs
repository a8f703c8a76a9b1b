using System.Globalization;

namespace Kapso.Benchmarks;

/// <summary>The options of a verb, <c>--name value</c>. Each must be one that the verb knows.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <exception cref="BenchmarkException">An option is unknown or has no value.</exception>
    public Options(IReadOnlyList<string> arguments, params IReadOnlyCollection<string> known)
    {
        for (var index = 0; index < arguments.Count; index += 2)
        {
            var name = arguments[index].StartsWith("--", StringComparison.Ordinal) ? arguments[index][2..] : "";
            if (!known.Contains(name) || index + 1 == arguments.Count)
            {
                throw new BenchmarkException(
                    $"Expected options of the form --name value, got '{arguments[index]}'. Known here: --{string.Join(", --", known)}.");
            }

            values[name] = arguments[index + 1];
        }
    }

    public string? Text(string name) => values.GetValueOrDefault(name);

    /// <exception cref="BenchmarkException">It is missing.</exception>
    public string Required(string name) => Text(name) ?? throw new BenchmarkException($"--{name} is missing.");

    /// <exception cref="BenchmarkException">It is there and not a positive number.</exception>
    public double? Number(string name) =>
        Text(name) is not { } text ? null
        : double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new BenchmarkException($"--{name} must be a positive number, not '{text}'.");

    /// <exception cref="BenchmarkException">It is there and not one of the names.</exception>
    public T? Choice<T>(string name)
        where T : struct, Enum =>
        Text(name) is { } text ? Parse<T>(text) : null;

    /// <exception cref="BenchmarkException">It is not one of the names.</exception>
    public static T Parse<T>(string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value) && !int.TryParse(text, out _)
            ? value
            : throw new BenchmarkException($"Expected one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}, got '{text}'.");
}
