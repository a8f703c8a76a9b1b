using Microsoft.Extensions.Logging;

namespace Kapso.Platform.Effects;

internal sealed partial class WelcomeRunner
{
    [LoggerMessage(1, LogLevel.Information, "Welcome, customer {CustomerId} of project {ProjectId}: number {Number} is connected ({WelcomeId}).")]
    private static partial void LogWelcome(
        ILogger logger, string customerId, string projectId, string number, string welcomeId);
}
