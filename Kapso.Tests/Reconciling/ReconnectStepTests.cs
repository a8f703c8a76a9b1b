using Kapso.Simulator.Faults;
using Kapso.Simulator.World;

namespace Kapso.Tests.Reconciling;

/// <summary>A pass makes the links that the service makes by itself for numbers that went.</summary>
public sealed class ReconnectStepTests
{
    private static readonly ConnectionPolicy Policy = new() { CanConfirm = true, Notifies = true, ReconnectsByItself = true };
    private static readonly Uri PublicUrl = new("https://connect.example.com/");

    [Fact]
    public async Task A_quarter_of_an_hour_after_whatsapp_disconnected_a_number_the_pass_makes_a_link_once_and_the_company_is_told()
    {
        await using var stage = await ReconcilingStage.OpenAsync(Policy);
        var number = await GoAsync(stage);
        stage.Advance(TimeSpan.FromMinutes(14));
        await PassAsync(stage);
        Assert.Empty(stage.Platform.SetupLinks());

        stage.Advance(TimeSpan.FromMinutes(2));
        await PassAsync(stage);
        var made = Assert.Single(stage.Platform.SetupLinks());
        Assert.Equal((number.Id, "pt"), (made.ReconnectsNumberId, made.Options.GetProperty("language").GetString()));
        Assert.StartsWith("https://connect.example.com/whatsapp/success/", made.SuccessRedirectUrl, StringComparison.Ordinal);
        await Wait.ForAsync(() => Told(stage).Any(), "the company to be told");
        var told = Assert.Single(Told(stage));
        Assert.Equal((Effect.ReconnectAutomatic, made.Id, made.Url), (told.Effect.Detail, told.Effect.SetupLinkId, told.Link?.Url?.Reveal));

        stage.Advance(TimeSpan.FromHours(2));
        await PassAsync(stage);
        Assert.Single(stage.Platform.SetupLinks());
        Assert.Null(await DueAsync(stage, number));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_whose_answer_is_lost_or_not_written_is_found_and_not_made_twice(bool isLost)
    {
        await using var stage = await ReconcilingStage.OpenAsync(Policy);
        await GoAsync(stage);
        stage.Advance(TimeSpan.FromMinutes(16));
        var changes = 0;
        stage.Engine.Before = (method, _) =>
        {
            // What the platform lists, the intent, and what the platform made.
            changes += method == nameof(stage.Engine.ChangeLinkAsync) ? 1 : 0;
            if (isLost && changes == 2)
                stage.Platform.Dice.Force(FaultKind.LostAnswer, 1);
            return !isLost && changes == 3 ? throw new EngineUnavailableException("The test's engine is down.") : Task.CompletedTask;
        };
        var process = stage.Process(publicUrl: PublicUrl);
        await process.StepAsync(CancellationToken.None);
        stage.Engine.Recover();
        for (var i = 0; i < 3; i++)
        {
            stage.Advance(TimeSpan.FromMinutes(16));
            await stage.ReconcileAsync(process);
        }

        Assert.Single(stage.Platform.SetupLinks());
        await Wait.ForAsync(() => Told(stage).Any(), "the company to be told");
        Assert.Single(Told(stage));
    }

    [Fact]
    public async Task No_link_is_made_over_one_that_was_made_elsewhere_or_where_the_customer_left_and_the_timeline_says_so()
    {
        await using var stage = await ReconcilingStage.OpenAsync(Policy);
        var (invited, left) = (await GoAsync(stage), await GoAsync(stage, "customer"));
        stage.Platform.CreateSetupLink(invited.CustomerId!, null, null, default, stage.Host.BaseUrl.AbsoluteUri);
        stage.Advance(TimeSpan.FromMinutes(16));

        await PassAsync(stage);

        Assert.Single(stage.Platform.SetupLinks());
        Assert.Equal("The platform lists a link of the customer's that can still be used.", await WhyAsync(stage, invited));
        Assert.Equal("The customer disconnected it.", await WhyAsync(stage, left));
    }

    [Fact]
    public async Task What_the_platform_refuses_is_not_asked_for_again_and_a_person_is_told()
    {
        await using var stage = await ReconcilingStage.OpenAsync(Policy);
        var number = await GoAsync(stage);
        stage.Platform.Act(number.Id, NumberAction.Delete);
        for (var i = 0; i < 3; i++)
        {
            stage.Advance(TimeSpan.FromMinutes(16));
            await PassAsync(stage);
        }

        Assert.Empty(stage.Platform.SetupLinks());
        var connection = await FindAsync(stage, number);
        var line = Assert.Single(connection.Timeline, line => line.Event == "setup_link.not_issued");
        Assert.Contains("must match an existing WhatsApp config", line.Detail, StringComparison.Ordinal);
        await Wait.ForAsync(
            () => stage.Notifies.Calls.Any(call => call.Effect is { NotifyType: NotifyType.Attention, Detail: "reconnect_refused" }), "a person to be told");
    }

    private static IEnumerable<ClaimedEffect> Told(ReconcilingStage stage) =>
        stage.Notifies.Calls.Where(call => call.Effect.NotifyType == NotifyType.ReconnectLink);

    private static Task<Kapso.Connections.Reconciling.ReconciliationReport> PassAsync(ReconcilingStage stage) => stage.ReconcileAsync(stage.Process(publicUrl: PublicUrl));

    /// <summary>A customer who came by a link, whose number is connected, and went.</summary>
    private static async Task<PhoneNumber> GoAsync(ReconcilingStage stage, string by = "meta")
    {
        var number = Assert.Single(stage.Connect(1));
        var key = Key(number);
        await stage.Engine.AddLinkAsync(
            key,
            new Kapso.Connections.Links.SetupLink
            {
                Id = "link-1",
                State = SimulatorHost.State + number.Id,
                Source = SetupLinkSource.Issued,
                Status = SetupLinkStatus.Completed,
                PlatformStatus = "used",
                Language = "pt",
                CreatedAt = stage.Time.GetUtcNow(),
            },
            CancellationToken.None);
        var row = new Observation
        {
            Kind = ObservationKind.ApiConnected,
            Source = Source.Api,
            Event = "api.reconcile",
            PhoneNumberId = number.Id,
            ReceivedAt = stage.Time.GetUtcNow(),
            RowCreatedAt = number.CreatedAt,
            Details = new NumberDetails { DisplayPhoneNumber = number.Display },
        };
        await stage.Engine.ObserveAsync(key, row, CancellationToken.None);
        stage.Platform.Act(number.Id, NumberAction.Offboard);
        var gone = row with
        {
            Kind = ObservationKind.Gone,
            Source = Source.Webhook,
            Event = "whatsapp.phone_number.offboarded",
            RowCreatedAt = null,
            Disconnection = new Kapso.Connections.Numbers.Disconnection { Reason = "account_offboarded", InitiatedBy = by },
        };
        await stage.Engine.ObserveAsync(key, gone, CancellationToken.None);
        return number;
    }

    private static CustomerKey Key(PhoneNumber number) => new(ReconcilingStage.Project, number.CustomerId!);

    private static async Task<Connection> FindAsync(ReconcilingStage stage, PhoneNumber number) =>
        (await stage.Engine.FindAsync(Key(number), CancellationToken.None))!;

    private static async Task<DateTimeOffset?> DueAsync(ReconcilingStage stage, PhoneNumber number) =>
        (await FindAsync(stage, number)).FindNumber(number.Id)!.ReconnectAt;

    private static async Task<string?> WhyAsync(ReconcilingStage stage, PhoneNumber number) =>
        Assert.Single((await FindAsync(stage, number)).Timeline, line => line.Event == "reconnect.passed_over").Detail;
}
