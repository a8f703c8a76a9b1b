using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Kapso.Testing.Processes;

/// <summary>Where a server of a test listens.</summary>
internal static class ServerAddress
{
    public static string AddressOfServer(this WebApplication application) => application.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.Single();
}
