using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kapso.Tests.Crash;

/// <summary>
/// The real process under load, killed again and again at random moments: what was answered 200 is there afterwards,
/// every welcome reached a real receiver, and every number has one.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Kills = 20;
    private const int Senders = 16;
    private const int Parallelism = 8;
    private const string Project = "990e8400-e29b-41d4-a716-446655440004";
    private const string Secret = "crash-test-webhook-secret";
    private const string ManagementKey = "crash-test-management-key";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private sealed record Delivery(string CustomerId, string PhoneNumberId, string IdempotencyKey)
    {
        public static Delivery New(long number) => new(
            Guid.NewGuid().ToString(), number.ToString("D15", CultureInfo.InvariantCulture), Guid.NewGuid().ToString());
    }

    [Fact]
    public async Task Killed_at_random_moments_under_load_it_loses_nothing_and_welcomes_each_number_once()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("kapso-crash-");
        using var patience = new CancellationTokenSource(Patience);
        await using var receiver = await WelcomeReceiver.StartAsync();
        var settings = Settings(Path.Combine(folder.FullName, "kapso.db"), receiver.Address);

        // Deliveries that were not answered are sent again with the same key, as the platform does.
        var waiting = new ConcurrentQueue<Delivery>();
        var answered = new ConcurrentBag<Delivery>();
        var numbers = 0L;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var service = await ServiceProcess.StartAsync(settings, patience.Token);
            using var stop = new CancellationTokenSource();
            var goal = answered.Count + random.Next(1, 250);
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var senders = Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
            {
                using var client = new HttpClient { BaseAddress = service.Address };
                while (!stop.IsCancellationRequested)
                {
                    if (!waiting.TryDequeue(out var delivery))
                        delivery = Delivery.New(Interlocked.Increment(ref numbers));
                    if (!await AnsweredAsync(client, delivery))
                    {
                        waiting.Enqueue(delivery);
                        return;
                    }

                    answered.Add(delivery);
                    if (answered.Count >= goal)
                        reached.TrySetResult();
                }
            })).ToArray();

            await Task.WhenAny(reached.Task, Task.WhenAll(senders)).WaitAsync(patience.Token);
            Assert.True(reached.Task.IsCompleted, $"The senders ended before kill {kill + 1}:\n{service.Output}");
            await service.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(senders);
        }

        await using var last = await ServiceProcess.StartAsync(settings, patience.Token);
        using var operations = new HttpClient { BaseAddress = last.Address };
        operations.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ManagementKey);
        while (waiting.TryDequeue(out var delivery))
        {
            Assert.True(await AnsweredAsync(operations, delivery), "A delivery was refused after the last start.");
            answered.Add(delivery);
        }

        var welcomes = new HashSet<string>();
        foreach (var delivery in answered)
            welcomes.Add(await WelcomeDoneAsync(operations, delivery, patience.Token));

        output.WriteLine($"{answered.Count} deliveries, {receiver.Received} welcomes received, {receiver.Received - welcomes.Count} repeats");
        Assert.Equal(answered.Count, welcomes.Count);
        Assert.Equal(welcomes.Order(), receiver.Ids.Keys.Order());
        Assert.InRange(receiver.Received - welcomes.Count, 0, Kills * Parallelism);
        Assert.Empty(await EffectsAsync(operations, "held"));
        Assert.Empty(await EffectsAsync(operations, "dead"));

        await last.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static Dictionary<string, string> Settings(string path, Uri receiver) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["Logging:LogLevel:Default"] = "Warning",
        ["Kapso:Projects:0:Id"] = Project,
        ["Kapso:Projects:0:WebhookSecrets:0"] = Secret,
        ["Kapso:PublicUrl"] = "http://localhost",
        ["Kapso:Management:ApiKey"] = ManagementKey,
        ["Kapso:Store:Path"] = path,
        ["Kapso:Outbox:Parallelism"] = Parallelism.ToString(CultureInfo.InvariantCulture),
        ["Kapso:Welcome:Flow"] = "callback",
        ["Kapso:Welcome:Callback:Url"] = receiver.ToString(),
        ["Kapso:Welcome:Callback:Secret"] = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
    };

    /// <summary>True for a 200; false where the service died before it answered. Any other answer fails the test.</summary>
    private static async Task<bool> AnsweredAsync(HttpClient client, Delivery delivery)
    {
        var body = Encoding.UTF8.GetBytes(
            $$"""{"phone_number_id":"{{delivery.PhoneNumberId}}","project":{"id":"{{Project}}"},"customer":{"id":"{{delivery.CustomerId}}"} }""");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/project/{Project}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Webhook-Event", "whatsapp.phone_number.created");
        request.Headers.Add("X-Webhook-Payload-Version", "v2");
        request.Headers.Add("X-Idempotency-Key", delivery.IdempotencyKey);
        request.Headers.Add(
            "X-Webhook-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)));
        try
        {
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Waits until the customer's one number is connected and its welcome done; returns the welcome's id.</summary>
    private static async Task<string> WelcomeDoneAsync(HttpClient client, Delivery delivery, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var connection = JsonDocument.Parse(
                await client.GetStringAsync($"/api/projects/{Project}/customers/{delivery.CustomerId}/connection", cancellationToken));
            var number = Assert.Single(connection.RootElement.GetProperty("numbers").EnumerateArray().ToArray());
            Assert.Equal(delivery.PhoneNumberId, number.GetProperty("phone_number_id").GetString());
            Assert.Equal("connected", number.GetProperty("status").GetString());
            var welcome = number.GetProperty("welcome");
            if (welcome.GetProperty("status").GetString() == "done")
                return welcome.GetProperty("id").GetString()!;

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    private static async Task<JsonElement[]> EffectsAsync(HttpClient client, string status)
    {
        using var page = JsonDocument.Parse(await client.GetStringAsync($"/api/projects/{Project}/effects?status={status}"));
        return [.. page.RootElement.GetProperty("items").EnumerateArray().Select(item => item.Clone())];
    }
}
