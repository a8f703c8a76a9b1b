using System.Net;
using Kapso.Platform.Receivers;
using Kapso.Tests.Platform;
using Kapso.Tests.Web;

namespace Kapso.Tests.Samples;

/// <summary>The receivers in <c>samples/</c>, each as a process that the service sends to.</summary>
public sealed class ReceiverSampleTests
{
    private const string AspNetCore = "Receiver.AspNetCore.dll";
    private const string Type = "connection.connected";

    private static readonly string Receivers = WebHost.ApiOfProject + "/receivers";

    [Fact]
    public Task In_ASPNET_Core_what_is_signed_is_taken_once() => CheckAsync((port, secrets, store) => ServiceProcess.Launch(
        AspNetCore, new Dictionary<string, string> { ["Receiver:Secrets"] = secrets, ["Receiver:Store"] = store }, port));

    [Fact]
    public async Task In_Express_what_is_signed_is_taken_once()
    {
        using var npm = await NpmFolder.InstallAsync("samples/receiver-express");
        await CheckAsync((port, secrets, store) => ServiceProcess.Launch(
            ["node", "receiver.js"],
            npm.PathOf("."),
            new Dictionary<string, string> { ["RECEIVER_SECRETS"] = secrets, ["RECEIVER_STORE"] = store },
            port));
    }

    private static async Task CheckAsync(Func<int, string, string, ServiceProcess> launch)
    {
        using var folder = new TemporaryFolder();
        var (port, store) = (LoopbackPort.Free(), Path.Combine(folder.Path, "received"));
        await using var service = await WebHost.StartAsync();
        var made = await service.PostAsync(Receivers, new { url = $"http://127.0.0.1:{port}/kapso" });
        var path = $"{Receivers}/{made.GetProperty("receiver").Text("id")}";
        var secret = made.Text("secret")!;
        var notify = await SentAsync();

        await using (var first = launch(port, $"{secret} {Runners.Secret}", store))
        {
            await first.UntilSaidAsync("Now listening on");
            await TestAsync(first, service, path, times: 1);
            await RefusesWhatIsNotSignedAsync(first.Address, notify);
            Assert.DoesNotContain(Type, first.Output, StringComparison.Ordinal);

            Assert.Equal(HttpStatusCode.NoContent, await SendAsync(first.Address, notify));
            await first.UntilSaidAsync($"Handled {Type}");
            Assert.Equal(HttpStatusCode.NoContent, await SendAsync(first.Address, notify));
            await first.UntilSaidAsync($"Repeated: {Type}");

            // The secret before signs beside the new one, which this process does not know.
            secret = (await service.PostAsync(path + "/rotate")).Text("secret")!;
            await TestAsync(first, service, path, times: 2);
            await first.KillAsync();
        }

        await using var second = launch(port, $"{secret} {Runners.Secret}", store);
        await second.UntilSaidAsync("Now listening on");
        await TestAsync(second, service, path, times: 1);
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(second.Address, notify));
        await second.UntilSaidAsync($"Repeated: {Type}");
        Assert.DoesNotContain($"Handled {Type}", second.Output, StringComparison.Ordinal);
    }

    /// <summary>A change as the service sends it, signed with <see cref="Runners.Secret"/>.</summary>
    private static async Task<ReceivedRequest> SentAsync()
    {
        await using var receiver = Receiver.AnsweringStatus(204);
        using var runners = new Runners(receiver.Url);
        var notify = Claimed.Notify(NotifyType.Connected, Claimed.Number) with { Customer = new CustomerNames("own-1", "Ánâ 🙂") };
        Assert.Equal(EffectResultKind.Done, (await runners.Notify.RunAsync(notify, CancellationToken.None)).Kind);
        return Assert.Single(receiver.Requests);
    }

    private static async Task TestAsync(ServiceProcess sample, WebHost service, string receiver, int times)
    {
        var tested = await service.PostAsync(receiver + "/test");
        Assert.Equal(204, tested.GetProperty("answer").GetProperty("status").GetInt32());
        await Wait.ForAsync(() => sample.Output.Split("Handled receiver.test").Length == times + 1, "the test to be handled");
    }

    private static async Task RefusesWhatIsNotSignedAsync(Uri sample, ReceivedRequest sent)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.True(StandardWebhookSecret.TryParse(Runners.Secret, out var right));
        Assert.True(StandardWebhookSecret.TryParse("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", out var wrong));
        ReceivedRequest[] refused =
        [
            sent with { Body = [.. sent.Body, (byte)' '] },
            With(sent, "webhook-id", "another"),
            With(sent, "webhook-timestamp", $"{now + 1}x"),
            With(sent, "webhook-signature", ""),
            With(sent, "webhook-signature", "v1,"),
            With(sent, "webhook-signature", "v1a," + sent.Headers["webhook-signature"][3..]),
            Signed(sent, wrong, now),
            Signed(sent, right, now - 400),
            Signed(sent, right, now + 400),
            .. ((string[])["webhook-id", "webhook-timestamp", "webhook-signature"]).Select(name => Without(sent, name)),
        ];
        foreach (var request in refused)
            Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(sample, request));

        // Each of several signatures is looked at, the last one too.
        var other = With(sent, "webhook-id", Guid.NewGuid().ToString()) with { Body = """{"type":"several","timestamp":"2026-01-01T00:00:00Z","data":{}}"""u8.ToArray() };
        var several = Signed(other, right, now);
        several = With(several, "webhook-signature", $"v1,bm90IHRoaXM= v2,{Guid.NewGuid()} {several.Headers["webhook-signature"]}");
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(sample, several));
    }

    private static ReceivedRequest Signed(ReceivedRequest request, StandardWebhookSecret secret, long timestamp) => With(
        With(request, "webhook-timestamp", $"{timestamp}"),
        "webhook-signature",
        secret.Sign(request.Headers["webhook-id"], timestamp, request.Body));

    private static ReceivedRequest With(ReceivedRequest request, string header, string value) =>
        request with { Headers = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase) { [header] = value } };

    private static ReceivedRequest Without(ReceivedRequest request, string header) =>
        request with { Headers = request.Headers.Where(one => !one.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).ToDictionary(StringComparer.OrdinalIgnoreCase) };

    private static async Task<HttpStatusCode> SendAsync(Uri sample, ReceivedRequest request)
    {
        using var client = new HttpClient { BaseAddress = sample };
        using var message = new HttpRequestMessage(HttpMethod.Post, "kapso") { Content = new ByteArrayContent(request.Body) };
        foreach (var (name, value) in request.Headers.Where(header => header.Key.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase)))
            message.Headers.TryAddWithoutValidation(name, value);
        message.Content.Headers.TryAddWithoutValidation("Content-Type", request.Headers["Content-Type"]);
        using var answer = await client.SendAsync(message, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
