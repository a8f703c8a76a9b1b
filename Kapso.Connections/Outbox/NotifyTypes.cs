namespace Kapso.Connections.Outbox;

/// <summary>The names of the types of notifies, as receivers read them.</summary>
public static class NotifyTypes
{
    private const string Connected = "connection.connected";
    private const string Gone = "connection.gone";
    private const string SetupFailed = "connection.setup_failed";
    private const string Attention = "connection.attention";
    private const string ReconnectLink = "connection.reconnect_link";

    /// <summary>The name of a type; of none, that of what needs attention.</summary>
    public static string NameOf(NotifyType? type) => type switch
    {
        NotifyType.Connected => Connected,
        NotifyType.Gone => Gone,
        NotifyType.SetupFailed => SetupFailed,
        NotifyType.ReconnectLink => ReconnectLink,
        _ => Attention,
    };

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Enum.GetValues<NotifyType>().Select(static type => NameOf(type));

    /// <summary>The type of this name; null where there is none.</summary>
    public static NotifyType? Find(string? name)
    {
        foreach (var type in Enum.GetValues<NotifyType>())
        {
            if (NameOf(type) == name)
                return type;
        }

        return null;
    }
}
