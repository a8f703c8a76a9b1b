using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Http;

/// <summary>
/// Keeps the framework's own lines about requests out of the logs below <see cref="LogLevel.Warning"/>: they quote paths and
/// queries, and a redirect's path holds a state. Holds also where a provider's default level is set lower.
/// </summary>
internal sealed class QuietRequestLogging : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly string[] Categories =
    [
        "Microsoft.AspNetCore",
        "Microsoft.AspNetCore.Routing",
        "Microsoft.AspNetCore.Routing.EndpointMiddleware",
        "Microsoft.AspNetCore.Routing.Matching.DfaMatcher",
    ];

    private const string RequestScope = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <inheritdoc/>
    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        // Of two rules for the same category and provider the later one counts, and a provider's own rules go before all.
        foreach (var provider in options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToArray())
        {
            foreach (var category in Categories)
                options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, filter: null));

            // As long as any level of it is on, every line of a request has a scope that quotes its path.
            options.Rules.Add(new LoggerFilterRule(provider, RequestScope, LogLevel.None, filter: null));
        }
    }
}
