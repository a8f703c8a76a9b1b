namespace Kapso.Tests.Deciding;

/// <summary>Receivers deduplicate by these ids, across versions and restarts: their values never change.</summary>
public sealed class EffectIdTests
{
    private static readonly CustomerKey Key = new("project-1", "customer-1");

    [Fact]
    public void An_id_is_what_it_always_was()
    {
        Assert.Equal("wel_d5c09313eaf8b513aa8a68ac83693038", EffectIds.Welcome(Key, "123456789012345"));
        Assert.Equal("ntf_7bb9e2c00f6e688b10ea1944e7476bed", EffectIds.Notify(Key, 7));
        Assert.Equal("cfm_a9244397fc7f6f66c8f1019bd595ea17", EffectIds.Confirm(Key, "123456789012345", 2));
        Assert.Equal("rel_dca1f4c7cdb1f7bb9b36ef1841ddb64a", EffectIds.Release(Key, "123456789012345", 3));
    }
}
