using Kapso.Connections;

namespace Kapso.Silo.Sending;

internal sealed partial class EffectSender
{
    [LoggerMessage(1, LogLevel.Warning, "The runner of {Kind} {EffectId} threw; the attempt's outcome is unknown.")]
    private partial void LogRunnerFailed(Exception exception, EffectKind kind, string effectId);

    [LoggerMessage(2, LogLevel.Warning, "The outcome of {Kind} {EffectId} could not be written; it is repeated when its lease has lapsed.")]
    private partial void LogNotSettled(Exception exception, EffectKind kind, string effectId);
}
