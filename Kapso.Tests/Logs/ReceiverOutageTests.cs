using Kapso.Platform.Receivers;
using Kapso.Tests.Platform;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Logs;

public sealed class ReceiverOutageTests
{
    [Fact]
    public async Task A_receiver_that_fails_is_told_when_it_goes_and_when_it_is_back_and_not_with_every_attempt()
    {
        var lines = new Lines<StandardWebhookSender>();
        await using var receiver = Receiver.AnsweringInTurn(200, 503, 500, 503, 200);
        using var runners = new Runners(receiver.Url, new FakeTimeProvider(Claimed.At), senderLogger: lines);

        for (var attempt = 0; attempt < 6; attempt++)
            await runners.Welcome.RunAsync(Claimed.Welcome(), TestContext.Current.CancellationToken);

        Assert.Collection(
            lines.All,
            gone => Assert.StartsWith($"Warning: The receiver at {receiver.Url.Authority} is away: ", gone, StringComparison.Ordinal),
            back => Assert.StartsWith($"Information: The receiver at {receiver.Url.Authority} is back", back, StringComparison.Ordinal));
        Assert.DoesNotContain(lines.All, line => line.Contains("hidden-in-the-url", StringComparison.Ordinal));
    }
}
