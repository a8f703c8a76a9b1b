using System.Text;
using System.Text.Json;
using Kapso.Tests.Web;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace Kapso.Tests.Platform;

/// <summary>What the service sends, before the verifiers that receivers take from NuGet and npm (both are named as the standard is).</summary>
public sealed class ReferenceVerifierTests
{
    private const string Signature = "webhook-signature";

    private static readonly string Receivers = WebHost.ApiOfProject + "/receivers";

    /// <summary>Of several signatures version 1.1.2 never looks at the last one, so that it is handed each by itself.</summary>
    [Fact]
    public Task The_package_of_NuGet_takes_what_is_sent_and_nothing_else() => CheckAsync((request, secret) =>
        Task.FromResult(request.Headers[Signature].Split(' ').Any(signature => IsTakenByNuGet(request, secret, signature))));

    [Fact]
    public async Task The_package_of_npm_takes_what_is_sent_and_nothing_else()
    {
        using var npm = await NpmFolder.InstallAsync("Kapso.Tests/Platform/Verifier");
        await CheckAsync(async (request, secret) =>
        {
            await File.WriteAllTextAsync(
                npm.PathOf("request.json"), JsonSerializer.Serialize(new { headers = request.Headers, body = request.Body }), TestContext.Current.CancellationToken);
            var (exitCode, output) = await npm.RunAsync("node", "verify.js", secret, "request.json");
            Assert.True(exitCode == 0, output);
            return output.Trim() == "accepted";
        });
    }

    private static bool IsTakenByNuGet(ReceivedRequest request, string secret, string signature)
    {
        var headers = new HeaderDictionary { [Signature] = signature };
        foreach (var name in (string[])["webhook-id", "webhook-timestamp"])
            headers[name] = request.Headers[name];
        try
        {
            new StandardWebhook(secret).Verify(Encoding.UTF8.GetString(request.Body), headers);
            return true;
        }
        catch (WebhookVerificationException)
        {
            return false;
        }
    }

    private static async Task CheckAsync(Func<ReceivedRequest, string, Task<bool>> acceptsAsync)
    {
        await using var receiver = Receiver.AnsweringStatus(204);
        using var runners = new Runners(receiver.Url);
        var notify = Claimed.Notify(NotifyType.Connected, Claimed.Number) with { Customer = new CustomerNames("own-1", "Ánâ 🙂") };
        Assert.Equal(EffectResultKind.Done, (await runners.Notify.RunAsync(notify, CancellationToken.None)).Kind);
        var (before, after) = await SendWhileRotatingAsync(receiver.Url);

        Assert.Collection(
            receiver.Requests,
            one => Assert.Equal(1, SignaturesOf(one)),
            one => Assert.Equal(1, SignaturesOf(one)),
            one => Assert.Equal(2, SignaturesOf(one)));
        var sent = receiver.Requests.ToArray();
        foreach (var (request, secret, taken) in new[]
        {
            (sent[0], Runners.Secret, true), (sent[0], before, false),
            (sent[1], before, true), (sent[1], after, false),
            (sent[2], before, true), (sent[2], after, true), (sent[2], Runners.Secret, false),
        })
        {
            Assert.Equal(taken, await acceptsAsync(request, secret));
            Assert.False(await acceptsAsync(WithOneByteChanged(request), secret));
        }
    }

    /// <summary>Has one message signed with one secret, and one while a new secret takes its place.</summary>
    private static async Task<(string Before, string After)> SendWhileRotatingAsync(Uri url)
    {
        await using var host = await WebHost.StartAsync();
        var made = await host.PostAsync(Receivers, new { url });
        var path = $"{Receivers}/{made.GetProperty("receiver").GetProperty("id").GetString()}";
        await host.PostAsync(path + "/test");
        var rotated = await host.PostAsync(path + "/rotate");
        await host.PostAsync(path + "/test");
        return (made.GetProperty("secret").GetString()!, rotated.GetProperty("secret").GetString()!);
    }

    private static int SignaturesOf(ReceivedRequest request) =>
        request.Headers[Signature].Split(' ').Count(signature => signature.StartsWith("v1,", StringComparison.Ordinal));

    private static ReceivedRequest WithOneByteChanged(ReceivedRequest request)
    {
        var body = request.Body.ToArray();
        body[body.Length / 2] ^= 1;
        return request with { Body = body };
    }
}
