using System.Text;

namespace Kapso.Benchmarks.Micro;

/// <summary>The webhook that the micro benchmarks have in common: the flat body, as the platform sends it today.</summary>
internal static class Samples
{
    public const string ProjectId = "990e8400-e29b-41d4-a716-446655440004";
    public const string CustomerId = "880e8400-e29b-41d4-a716-446655440003";
    public const string PhoneNumberId = "123456789012345";
    public const string IdempotencyKey = "770e8400-e29b-41d4-a716-446655440002";
    public const string Secret = "synthetic-webhook-secret";

    /// <summary>Of <see cref="Flat"/>, with <see cref="Secret"/>.</summary>
    public const string FlatSignature = "7891c1bd7ee31b5308539ca6d2c4c74975fb2ac5906f4b24c3b9e66c3d80b86e";

    public static byte[] Flat { get; } = Encoding.UTF8.GetBytes(
        $$$"""{"phone_number_id":"{{{PhoneNumberId}}}","project":{"id":"{{{ProjectId}}}"},"customer":{"id":"{{{CustomerId}}}"}}""");

    public static byte[] Envelope { get; } = Encoding.UTF8.GetBytes(
        $$$"""{"event":"whatsapp.phone_number.created","data":{{{Encoding.UTF8.GetString(Flat)}}}}""");

    public static DateTimeOffset ReceivedAt { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
}
