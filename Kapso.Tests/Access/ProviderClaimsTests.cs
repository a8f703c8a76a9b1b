using System.Security.Claims;
using Kapso.Platform.Settings;
using Kapso.Web.Operators.SignIn;

namespace Kapso.Tests.Access;

/// <summary>What is read from what a provider says of somebody.</summary>
public sealed class ProviderClaimsTests
{
    [Theory]
    [InlineData("roles", "roles", "operate", "operate")]
    [InlineData("https://example.com/roles", "https://example.com/roles", "read", "read")]
    [InlineData("realm_access.roles", "realm_access", """{"roles":["read","operate",7]}""", "read operate")]
    [InlineData("resource_access.kapso.roles", "resource_access", """{"kapso":{"roles":"read"}}""", "read")]
    [InlineData("realm_access.roles", "realm_access", """{"groups":["read"]}""", "")]
    [InlineData("realm_access.roles", "realm_access", """["read"]""", "")]
    [InlineData("realm_access.roles", "realm_access", "not JSON", "")]
    [InlineData("roles", "groups", "read", "")]
    public void Roles_are_the_values_of_a_claim_or_lie_at_a_path_within_one(string name, string type, string value, string found) =>
        Assert.Equal(found, string.Join(' ', ProviderClaims.ValuesOf(Person((type, value)), name)));

    [Fact]
    public void The_highest_of_several_roles_counts()
    {
        var roles = new RoleValues { Read = { "viewers" }, Operate = { "support" }, Administer = { "admins" } };
        Assert.Equal(
            [ManagementRole.Administer, ManagementRole.Operate, ManagementRole.Read, null, null],
            ((string[][])[["viewers", "admins"], ["support", "viewers"], ["viewers"], ["Viewers"], []]).Select(values => roles.Highest(values)));
    }

    [Fact]
    public void Somebody_is_called_by_the_claim_that_is_set_or_by_one_that_providers_have()
    {
        Assert.Equal("n", ProviderClaims.NameOf(Person(("sub", "s"), ("name", " n ")), "name"));
        Assert.Equal("m@example.com", ProviderClaims.NameOf(Person(("sub", "s"), ("email", "m@example.com"), ("name", "\u0007")), "name"));
        Assert.Equal("s", ProviderClaims.NameOf(Person(("sub", "s")), "name"));
        Assert.Null(ProviderClaims.NameOf(Person(), "name"));
        Assert.Equal(TimelineEntry.MaxBy, ProviderClaims.NameOf(Person(("name", new string('n', 200))), "name")!.Length);
    }

    private static ClaimsPrincipal Person(params (string Type, string Value)[] claims) =>
        new(new ClaimsIdentity(claims.Select(claim => new Claim(claim.Type, claim.Value)), "provider"));
}
