namespace Kapso.Simulator.World;

/// <summary>A message that the platform took. The list shows all of it but the callback data.</summary>
public sealed record Message : IRow
{
    public required string Id { get; init; }
    public required string SenderPhoneNumberId { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required string Type { get; init; }
    public string? TemplateName { get; init; }
    public string? TemplateLanguage { get; init; }
    public string? CallbackData { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>From when on the list shows it: it lags.</summary>
    public required DateTimeOffset VisibleFrom { get; init; }
}
