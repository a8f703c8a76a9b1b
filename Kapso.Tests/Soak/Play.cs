using System.Net;
using System.Text.Json;
using Kapso.Simulator.World;

namespace Kapso.Tests.Soak;

/// <summary>Plays the customers, and the company that invites them, several at a time, whether or not the service lives.</summary>
internal sealed class Play(SimulatorHost simulator, SoakService service, Crowd crowd)
{
    private static readonly string[] Codes =
        ["facebook_auth_failed", "phone_verification_failed", "waba_limit_reached", "token_exchange_failed", "something_new"];

    private static readonly TimeSpan AMoment = TimeSpan.FromSeconds(2);

    private readonly SimulatedPlatform _platform = simulator.Platform;

    /// <summary>Plays until every life is over.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!crowd.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (crowd.TryTake(_platform.Clock.UtcNow) is not { } customer)
            {
                await Task.Delay(1, cancellationToken);
                continue;
            }

            var done = false;
            try
            {
                // Nobody is slowed down by a service that is away, and most of what happens is to happen while it is there.
                if (service.IsAway)
                    await Task.Delay(200, cancellationToken);
                done = await PlayAsync(customer, cancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // The service is away; whoever asked asks again, but for a browser that is closed.
                done = customer.Next == Act.Return && crowd.Chance() < 0.5;
                customer.NotBefore = _platform.Clock.UtcNow + AMoment;
            }
            finally
            {
                crowd.PutBack(customer, done);
            }
        }
    }

    private async Task<bool> PlayAsync(SoakCustomer customer, CancellationToken cancellationToken)
    {
        switch (customer.Next)
        {
            case Act.Invite:
                return await InviteAsync(customer, replace: false, cancellationToken);
            case Act.Replace:
                return await InviteAsync(customer, replace: true, cancellationToken);
            case Act.Revoke:
                return await RevokeAsync(customer, cancellationToken);
            case Act.Return:
                return await ReturnAsync(customer, cancellationToken);
            case Act.Fail:
                return End(customer, _platform.Fail(customer.LinkId!, Codes[(int)(crowd.Chance() * Codes.Length)]));
            case Act.Connect:
                return End(customer, _platform.Connect(customer.LinkId!));
            case Act.ConnectAgain:
                return End(customer, _platform.Connect(customer.LinkId!, customer.Number!.Value.Digits));
            case Act.ConnectUnderNewId:
                return End(customer, _platform.Connect(customer.LinkId!, customer.Number!.Value.Digits, underNewId: true));
            case Act.TakeOver:
                return customer.Owner!.IsOver && End(customer, _platform.Connect(customer.LinkId!, customer.Owner.Number!.Value.Digits));
            case Act.ConnectDirectly:
                var number = _platform.ConnectDirectly(customer.Id)!;
                customer.Connected(number.Id, number.Digits);
                return true;
            default:
                Assert.NotNull(_platform.Act(customer.Number!.Value.Id, Enum.Parse<NumberAction>(customer.Next.ToString())));
                return true;
        }
    }

    private static bool End(SoakCustomer customer, SetupEnd? end)
    {
        Assert.True(end is not null, $"{customer.Id} was given the link {customer.LinkId}, which cannot be used.");
        customer.Redirect = end.RedirectUrl is { } redirect ? new Uri(redirect) : null;
        if (end.Number is { } number)
            customer.Connected(number.Id, number.Digits);
        return true;
    }

    private async Task<bool> InviteAsync(SoakCustomer customer, bool replace, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{service.Project}/customers/{customer.Id}/setup_links")
        {
            Content = JsonContent.Create(new { replace }),
        };
        request.Headers.Add("Idempotency-Key", customer.IdempotencyKey);
        if (await AskAsync(customer, request, cancellationToken) is not { } answer)
            return false;
        customer.LinkId = answer.GetProperty("link").GetProperty("setup_link_id").GetString();
        customer.Links++;
        return true;
    }

    private async Task<bool> RevokeAsync(SoakCustomer customer, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{service.Project}/customers/{customer.Id}/setup_links/{customer.LinkId}/revoke");
        return await AskAsync(customer, request, cancellationToken) is not null;
    }

    /// <summary>Asks the service as a careful company does: what was not done is asked for again when it says, in the same words.</summary>
    private async Task<JsonElement?> AskAsync(SoakCustomer customer, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await service.Client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
            return JsonElement.Parse(text);

        Assert.True(
            response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
                && response.Headers.RetryAfter is { Delta: not null },
            $"{request.Method} {request.RequestUri} answered {(int)response.StatusCode}: {text}");
        customer.NotBefore = _platform.Clock.UtcNow + response.Headers.RetryAfter.Delta.Value;
        return null;
    }

    private async Task<bool> ReturnAsync(SoakCustomer customer, CancellationToken cancellationToken)
    {
        if (customer.Redirect is null)
            return true;
        using var response = await service.Browser.GetAsync(customer.Redirect, cancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"A browser got {(int)response.StatusCode}.");
        return true;
    }
}
