using System.Net;

namespace Kapso.Tests.TurnedAway;

/// <summary>Lets a test's request say from which address it comes: the test's server has none.</summary>
internal sealed class AddressFromHeader : IStartupFilter
{
    public const string Name = "X-Test-Address";

    public static void AddTo(WebApplicationBuilder builder) => builder.Services.AddSingleton<IStartupFilter, AddressFromHeader>();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => context =>
        {
            if (context.Request.Headers[Name] is [{ } address])
                context.Connection.RemoteIpAddress = IPAddress.Parse(address);
            context.Request.Headers.Remove(Name);
            return following(context);
        });
        next(app);
    };
}
