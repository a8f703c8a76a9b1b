using System.Net;
using Kapso.Web.TurnedAway;

namespace Kapso.Tests.TurnedAway;

public sealed class NetworkTests
{
    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("255.255.255.255", "255.255.255.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48")]
    [InlineData("fe80::1%2", "fe80::/48")]
    [InlineData("::1", "::/48")]
    [InlineData(null, "unknown")]
    public void An_address_is_kept_as_its_network(string? address, string network) =>
        Assert.Equal(network, Network.Of(address is null ? null : IPAddress.Parse(address)).ToString());

    [Fact]
    public void Addresses_of_one_network_are_the_same()
    {
        Assert.Equal(Network.Of(IPAddress.Parse("203.0.113.1")), Network.Of(IPAddress.Parse("::ffff:203.0.113.255")));
        Assert.NotEqual(Network.Of(IPAddress.Parse("203.0.113.1")), Network.Of(IPAddress.Parse("203.0.114.1")));
        Assert.NotEqual(Network.Of(IPAddress.Parse("0.0.0.1")), Network.Of(IPAddress.Parse("::1")));
    }
}
