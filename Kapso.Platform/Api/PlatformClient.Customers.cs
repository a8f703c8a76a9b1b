using Kapso.Engines.Budget;
namespace Kapso.Platform.Api;

public sealed partial class PlatformClient
{
    private const string Customers = "customers";

    /// <summary>Creates a customer. After <see cref="PlatformOutcome.Unknown"/>: <see cref="ListCustomersAsync"/>.</summary>
    /// <param name="name">A name for people.</param>
    /// <param name="externalCustomerId">The company's own id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<PlatformAnswer<PlatformCustomer>> CreateCustomerAsync(
        string name, string? externalCustomerId, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Post,
            "/customers",
            Path(Platform, Customers),
            CallPurpose.Management,
            new CustomerBody(new(name, externalCustomerId)),
            RequestBodyContext.Default.CustomerBody,
            Data(PlatformCustomer.Read),
            cancellationToken);

    /// <summary>Lists customers, newest first.</summary>
    /// <param name="externalCustomerId">Asks for those with this id of the company's; the caller checks, since the filter may be ignored.</param>
    /// <param name="page">Null for the first page, then <see cref="PlatformPage{T}.Next"/>.</param>
    /// <param name="purpose">What it is made for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<PlatformAnswer<PlatformPage<PlatformCustomer>>> ListCustomersAsync(
        string? externalCustomerId, string? page, CallPurpose purpose, CancellationToken cancellationToken) =>
        GetAsync(
            "/customers",
            WithQuery(Path(Platform, Customers), ("external_customer_id", externalCustomerId), ("page", page), ("per_page", Number(PageSize))),
            purpose,
            body => PlatformPage<PlatformCustomer>.Read(body, PlatformCustomer.Read),
            cancellationToken);

    /// <summary>One customer; refused with 404 where there is none.</summary>
    public Task<PlatformAnswer<PlatformCustomer>> GetCustomerAsync(
        string customerId, CallPurpose purpose, CancellationToken cancellationToken) =>
        GetAsync(
            "/customers/{id}", Path(Platform, Customers, customerId), purpose, Data(PlatformCustomer.Read), cancellationToken);

    /// <summary>Deletes a customer, with their numbers and links; refused with 404 where there is none (any more).</summary>
    public Task<PlatformAnswer<PlatformCustomer>> DeleteCustomerAsync(string customerId, CancellationToken cancellationToken) => CallAsync(
        new(HttpMethod.Delete, "/customers/{id}", Path(Platform, Customers, customerId), CallPurpose.Management),
        _ => new PlatformCustomer(customerId, null, null, null),
        cancellationToken);

    /// <summary>Changes a customer's name or the company's own id; null leaves as it is.</summary>
    public Task<PlatformAnswer<PlatformCustomer>> ChangeCustomerAsync(
        string customerId, string? name, string? externalCustomerId, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Patch,
            "/customers/{id}",
            Path(Platform, Customers, customerId),
            CallPurpose.Management,
            new CustomerBody(new(name, externalCustomerId)),
            RequestBodyContext.Default.CustomerBody,
            Data(PlatformCustomer.Read),
            cancellationToken);
}
