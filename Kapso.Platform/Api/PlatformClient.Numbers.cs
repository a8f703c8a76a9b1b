using Kapso.Engines.Budget;
namespace Kapso.Platform.Api;

public sealed partial class PlatformClient
{
    private const string Numbers = "whatsapp/phone_numbers";

    /// <summary>
    /// Lists the project's numbers, newest first. With a number's id it is the targeted question that confirms a redirect:
    /// an empty list then says that the number is not there.
    /// </summary>
    /// <param name="customerId">Asks for this customer's numbers; null for all.</param>
    /// <param name="phoneNumberId">Asks for this number; null for all.</param>
    /// <param name="page">Null for the first page, then <see cref="PlatformPage{T}.Next"/>.</param>
    /// <param name="purpose">What it is made for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<PlatformAnswer<PlatformPage<PlatformNumber>>> ListNumbersAsync(
        string? customerId, string? phoneNumberId, string? page, CallPurpose purpose, CancellationToken cancellationToken) =>
        GetAsync(
            "/whatsapp/phone_numbers",
            WithQuery(
                Path(Platform + "/" + Numbers),
                ("customer_id", customerId),
                ("phone_number_id", phoneNumberId),
                ("page", page),
                ("per_page", Number(PageSize))),
            purpose,
            body => PlatformPage<PlatformNumber>.Read(body, PlatformNumber.Read),
            cancellationToken);

    /// <summary>One number; refused with 404 where there is none.</summary>
    public Task<PlatformAnswer<PlatformNumber>> GetNumberAsync(
        string phoneNumberId, CallPurpose purpose, CancellationToken cancellationToken) =>
        GetAsync(
            "/whatsapp/phone_numbers/{id}",
            Path(Platform + "/" + Numbers, phoneNumberId),
            purpose,
            Data(PlatformNumber.Read),
            cancellationToken);

    /// <summary>A number's health. The platform keeps it for 3 minutes and answers 5 such calls a second and 60 a minute.</summary>
    public Task<PlatformAnswer<PlatformNumberHealth>> GetNumberHealthAsync(
        string phoneNumberId, CallPurpose purpose, CancellationToken cancellationToken) =>
        GetAsync(
            "/whatsapp/phone_numbers/{id}/health",
            Path(Platform + "/" + Numbers, phoneNumberId, "health"),
            purpose,
            Data(PlatformNumberHealth.Read),
            cancellationToken);
}
