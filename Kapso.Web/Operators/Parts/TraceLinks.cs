using Kapso.Platform.Settings;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Operators.Parts;

/// <summary>Where traces are shown, if anywhere: <c>Kapso:Operators:TraceUrl</c>.</summary>
internal sealed class TraceLinks(IOptions<KapsoOptions> options)
{
    private readonly string _url = options.Value.Operators.TraceUrl ?? "";

    /// <summary>The page that shows a trace; null where there is none.</summary>
    public string? Of(string traceId) =>
        _url.Length == 0 ? null : _url.Replace(OperatorOptions.TraceId, Uri.EscapeDataString(traceId), StringComparison.Ordinal);
}
