using Kapso.Simulator.Faults;

namespace Kapso.Testing.Simulator;

/// <summary>What the service has to do with each fault, whatever engine it runs on.</summary>
public abstract class FaultContract(FaultStage stage)
{
    public static TheoryData<FaultKind> Faults => [.. Enum.GetValues<FaultKind>()];

    [Fact]
    public async Task A_phone_that_comes_again_under_another_number_is_welcomed_once()
    {
        var (customer, first, second) = await stage.ComeAgainAsync();

        Assert.Equal(("connected", true, first.Text("phone_number_id")), (second.Text("status"), second.Is("adopted"), second.Text("same_phone_as")));
        Assert.Single(stage.Company.Welcomes, one => one.Value.CustomerId == customer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_number_that_went_is_connected_again_by_a_link_and_came_back_and_nobody_is_welcomed_twice(bool underNewId)
    {
        var (customer, number, told, link) = await stage.ReconnectAsync(underNewId);

        Assert.Single(stage.Company.Welcomes, one => one.Value.CustomerId == customer);
        Assert.Equal(
            ["connection.connected", "connection.gone", "connection.reconnect_link", "connection.connected"],
            told.Select(message => message.Text("type")));
        var (asked, back) = (told[2].GetProperty("data"), told[3].GetProperty("data"));
        Assert.Equal(
            (link.ReconnectsNumberId, link.Id, link.Url, "reconnect_asked_for"),
            (asked.Text("phone_number_id"), asked.Text("setup_link_id"), asked.Text("url"), asked.Text("detail")));
        Assert.Equal((number.Text("phone_number_id"), true), (back.Text("phone_number_id"), back.Is("returned")));
        Assert.Equal(underNewId, number.Text("phone_number_id") != link.ReconnectsNumberId);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task From_the_link_to_the_welcome_each_fault_heals_and_welcomes_once(FaultKind fault)
    {
        var (customer, connection) = await stage.UntilWellAsync(fault);

        Assert.InRange(stage.Simulator.Platform.Dice.Fallen.GetValueOrDefault(fault), 1, 2);
        var number = Assert.Single(connection.GetProperty("numbers").EnumerateArray());
        var link = Assert.Single(connection.GetProperty("setup_links").EnumerateArray());
        Assert.Equal(("connected", "completed"), (connection.Text("status"), link.Text("status")));
        var (id, welcome) = Assert.Single(stage.Company.Welcomes, one => one.Value.CustomerId == customer);
        Assert.Equal((number.GetProperty("welcome").Text("id"), number.Text("phone_number_id")), (id, welcome.PhoneNumberId));
    }
}
