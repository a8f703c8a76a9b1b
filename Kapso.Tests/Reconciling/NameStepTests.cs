using Kapso.Simulator.World;

namespace Kapso.Tests.Reconciling;

/// <summary>What reconciliation learns of what customers are called.</summary>
public sealed class NameStepTests
{
    [Fact]
    public async Task Names_come_from_the_platforms_list_of_customers_and_follow_it()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var number = Assert.Single(stage.Connect(1));
        stage.Platform.ChangeCustomer(number.CustomerId!, "Maria Silva", "own-1");
        stage.Platform.CreateCustomer("Nobody has heard of", null);
        await stage.ReconcileAsync();
        Assert.Equal(new CustomerNames("own-1", "Maria Silva"), (await ConnectionAsync(stage, number)).Names);
        Assert.Single((await stage.Engine.ListConnectionsAsync(new ConnectionQuery(ReconcilingStage.Project), CancellationToken.None)).Items);

        stage.Advance(TimeSpan.FromHours(25));
        await stage.ReconcileAsync();
        Assert.Equal(1, Assert.Single((await ConnectionAsync(stage, number)).Timeline, line => line.Event == Observation.NamedEvent).Count);

        stage.Platform.ChangeCustomer(number.CustomerId!, "Ana Silva", null);
        stage.Advance(TimeSpan.FromHours(25));
        await stage.ReconcileAsync();
        Assert.Equal(new CustomerNames("own-1", "Ana Silva"), (await ConnectionAsync(stage, number)).Names);
    }

    [Fact]
    public async Task A_new_customer_is_named_by_the_next_pass_and_the_numbers_names_are_kept()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        await stage.ReconcileAsync();
        var number = Assert.Single(stage.Connect(1));
        stage.Advance(TimeSpan.FromMinutes(10));
        await stage.ReconcileAsync();

        var connection = await ConnectionAsync(stage, number);
        Assert.Equal("Customer 0", connection.Name!.Value);
        Assert.Equal((number.Display, "Customer 0", "Customer 0"), (
            connection.Numbers[0].Details!.DisplayPhoneNumber, connection.Numbers[0].Details!.Name, connection.Numbers[0].Details!.VerifiedName));
    }

    private static async Task<Connection> ConnectionAsync(ReconcilingStage stage, PhoneNumber number) =>
        (await stage.Engine.FindAsync(new CustomerKey(ReconcilingStage.Project, number.CustomerId!), CancellationToken.None))!;
}
