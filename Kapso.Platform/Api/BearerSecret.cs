namespace Kapso.Platform.Api;

/// <summary>A text that opens something for whoever has it: a setup URL, a token, a redirect URL with a state. It prints as stars.</summary>
/// <param name="Reveal">The text itself; for the wire and the customer's eyes only.</param>
public readonly record struct BearerSecret(string Reveal)
{
    /// <inheritdoc/>
    public override string ToString() => "***";
}
