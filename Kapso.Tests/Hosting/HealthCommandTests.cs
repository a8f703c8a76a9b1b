using Kapso.ServiceDefaults.Health;

namespace Kapso.Tests.Hosting;

/// <summary>Where a container's health check asks.</summary>
public sealed class HealthCommandTests
{
    [Theory]
    [InlineData("ASPNETCORE_HTTP_PORTS", "8080", "http://localhost:8080/")]
    [InlineData("HTTP_PORTS", "8081;8082", "http://localhost:8081/")]
    [InlineData("ASPNETCORE_URLS", "http://+:8083", "http://localhost:8083/")]
    [InlineData("ASPNETCORE_URLS", "http://*:8084", "http://localhost:8084/")]
    [InlineData("ASPNETCORE_URLS", "http://[::]:8085; http://0.0.0.0:8086", "http://localhost:8085/")]
    [InlineData("ASPNETCORE_URLS", "https://+:8443;http://0.0.0.0:8087", "http://localhost:8087/")]
    [InlineData("URLS", "http://10.0.0.7:8088", "http://10.0.0.7:8088/")]
    [InlineData("NOTHING", "", "http://localhost:5000/")]
    public void It_is_where_the_process_listens(string name, string value, string address) =>
        Assert.Equal(address, HealthCommand.FindAddress(asked => asked == name ? value : null).AbsoluteUri);
}
