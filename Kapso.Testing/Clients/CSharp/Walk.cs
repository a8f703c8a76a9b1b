// From the link to the welcome, by a client that is made of the OpenAPI document.
using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Kapso.Client;

public static class Walk
{
    public static async Task<string> RunAsync(HttpClient http, string project, CancellationToken stop)
    {
        var kapso = new KapsoClient(http);
        var customer = await kapso.CreateCustomerAsync(
            project,
            new CustomerRequest
            {
                External_id = "own-id-of-csharp",
                Name = "Customer of C#",
                Tags = new Dictionary<string, string?> { ["plan"] = "pro", ["trial"] = null },
            },
            stop);
        var link = await kapso.CreateSetupLinkAsync(project, customer.Customer_id, "walk-1", new CreateSetupLinkRequest { Language = "en" }, stop);

        // What the customer does in a browser.
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "Customer of C#", ["number"] = "" });
        using var connect = new HttpRequestMessage(HttpMethod.Post, link.Url + "/connect") { Content = form };
        connect.Headers.Add("Origin", new Uri(link.Url!).GetLeftPart(UriPartial.Authority));
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var _ = await browser.SendAsync(connect, stop);

        while (true)
        {
            var connection = await kapso.GetConnectionAsync(project, customer.Customer_id, stop);
            foreach (var number in connection.Numbers)
            {
                if (connection.Status == ConnectionStatus.Connected && number.Welcome?.Status == EffectStatus.Done)
                    return $"{connection.External_id} {connection.Tags["plan"]} {connection.Status} {number.Welcome.Status}";
            }

            await Task.Delay(100, stop);
        }
    }
}
