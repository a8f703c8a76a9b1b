using Kapso.Platform.Reconciling;
using Kapso.Platform.Settings;
using Kapso.Simulator.World;
using Kapso.Tests.Platform;
using Microsoft.Extensions.Options;

namespace Kapso.Tests.Reconciling;

/// <summary>A test of the set-up says which step holds, which fails and why, and what it does not know.</summary>
public sealed class SetupTestTests
{
    private const string NotLookedAt = "Not looked at: a step before it has to hold.";

    private static readonly Uri Nowhere = new("https://connect.example.com");

    [Fact]
    public async Task Without_a_key_nothing_else_is_looked_at()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var found = await TestAsync(stage, Nowhere, project: "without-a-key");
        Assert.Equal((SetupState.Fails, "The project has no ApiKey to ask the platform with: set it in Kapso:Projects."), (found[0].State, found[0].Detail));
        Assert.Equal(Enum.GetValues<SetupStep>(), found.Select(finding => finding.Step));
        Assert.All(found.Skip(1), finding => Assert.Equal((SetupState.NotKnown, NotLookedAt), (finding.State, finding.Detail)));
    }

    [Fact]
    public async Task Without_a_webhook_that_has_our_address_and_is_active_none_is_tested()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        Assert.StartsWith("The project has no webhook.", Of(await TestAsync(stage, Nowhere), SetupStep.Webhook).Detail, StringComparison.Ordinal);

        stage.Platform.CreateWebhook(AddressAt(Nowhere), "secret", Events.All);
        stage.Platform.ChangeWebhook(stage.Platform.Webhooks()[0].Id, webhook => webhook with { Active = false });
        var found = await TestAsync(stage, Nowhere);
        Assert.Equal(SetupState.Fails, Of(found, SetupStep.Webhook).State);
        Assert.Equal((SetupState.NotKnown, NotLookedAt), Of(found, SetupStep.Reachable));
        Assert.Empty(stage.Platform.Deliveries.NewestFirst());
    }

    [Theory]
    [InlineData(401, SetupState.Holds, "By the platform's log, its newest delivery was answered 401.", SetupState.Fails)]
    [InlineData(200, SetupState.Fails, "By the platform's log, its newest delivery was answered 200, and it did not come here: something else answers at {0}.", SetupState.NotKnown)]
    [InlineData(404, SetupState.Fails, "The test delivery did not come within 15 s. The platform's log says of its newest delivery: 404. Look whether {0} is reached from outside.", SetupState.NotKnown)]
    public async Task What_did_not_come_is_explained_by_the_platforms_log(int answer, SetupState reachable, string detail, SetupState signature)
    {
        await using var other = Receiver.AnsweringStatus(answer);
        await using var stage = await ReconcilingStage.OpenAsync();
        var origin = new Uri(other.Url.GetLeftPart(UriPartial.Authority));
        stage.Platform.CreateWebhook(AddressAt(origin), "secret", Events.All);

        var found = await TestAsync(stage, origin);
        Assert.Equal(SetupState.Holds, Of(found, SetupStep.ApiKey).State);
        Assert.Equal(SetupState.Holds, Of(found, SetupStep.Webhook).State);
        Assert.Equal((reachable, string.Format(System.Globalization.CultureInfo.InvariantCulture, detail, AddressAt(origin))), Of(found, SetupStep.Reachable));
        Assert.Equal(signature, Of(found, SetupStep.Signature).State);
        Assert.Equal((SetupState.NotKnown, NotLookedAt), Of(found, SetupStep.Event));
    }

    [Fact]
    public async Task A_clock_that_is_wrong_is_said_to_be()
    {
        await using var stage = await ReconcilingStage.OpenAsync(); // Its clock stands still, and the server's does not.
        var clock = Of(await TestAsync(stage, Nowhere), SetupStep.Clock);
        Assert.Equal(SetupState.Fails, clock.State);
        Assert.Matches(@"^The clock of this process is \d+ minutes behind the platform's: set it by NTP\.$", clock.Detail);
        stage.Time.SetUtcNow(DateTimeOffset.UtcNow);
        Assert.Equal(SetupState.Holds, Of(await TestAsync(stage, Nowhere), SetupStep.Clock).State);
    }

    private static Uri AddressAt(Uri origin) => new(origin, $"/webhooks/project/{ReconcilingStage.Project}");

    private static (SetupState State, string Detail) Of(IReadOnlyList<SetupFinding> found, SetupStep step) =>
        found.Single(finding => finding.Step == step) is var finding ? (finding.State, finding.Detail) : default;

    private static async Task<IReadOnlyList<SetupFinding>> TestAsync(ReconcilingStage stage, Uri publicUrl, string project = ReconcilingStage.Project)
    {
        var options = new KapsoOptions();
        options.Projects.Add(new ProjectOptions { Id = project });
        var testing = new SetupTest(stage.Engine, stage.Clients, Options.Create(options), stage.Time).RunAsync(project, publicUrl, CancellationToken.None);

        // What waits meanwhile waits by this clock, once the delivery has had its answer.
        while (!testing.IsCompleted)
        {
            await Task.WhenAny(testing, Task.Delay(20));
            if (!testing.IsCompleted && stage.Platform.Deliveries.NewestFirst().All(delivery => delivery.Attempts.Count > 0))
                stage.Time.Advance(TimeSpan.FromMilliseconds(500));
        }

        return await testing;
    }
}
