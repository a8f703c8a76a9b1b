using Kapso.Tests.Soak;

[assembly: HostingStartup(typeof(HurriedService))]

namespace Kapso.Tests.Soak;

/// <summary>Gives the real service in a process of its own another clock, where the tests that started it say so.</summary>
internal sealed class HurriedService : IHostingStartup
{
    /// <summary>The environment variable with the clock.</summary>
    public const string Variable = "KAPSO_TESTS_CLOCK";

    public void Configure(IWebHostBuilder builder)
    {
        // The hosts of this process have this assembly for their own, and keep their clock.
        if (Environment.GetEnvironmentVariable(Variable) is { } clock)
            builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(HurriedTime.Read(clock)));
    }
}
