using System.Security.Cryptography;
using System.Text;

namespace Kapso.Simulator.Api;

/// <summary>Asks for the project's key, as the platform does.</summary>
internal sealed class ApiKeyGuard(SimulatorOptions options) : IEndpointFilter
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.ApiKey!);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var given = Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers["X-API-Key"].ToString());
        return CryptographicOperations.FixedTimeEquals(given, _key)
            ? await next(context)
            : Answers.Error(StatusCodes.Status401Unauthorized, "Invalid API key");
    }
}
