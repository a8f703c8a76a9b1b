using System.Globalization;

namespace Kapso.Simulator.Deliveries;

/// <summary>Times as the platform writes them.</summary>
internal static class Times
{
    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
