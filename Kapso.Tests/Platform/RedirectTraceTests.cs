using System.Net;

namespace Kapso.Tests.Platform;

// Listens to all spans of this process, and must not run beside a test that wants none.
[Collection(RunsAlone.Name)]
public sealed class RedirectTraceTests
{
    private const string State = "3f9c2f6c0d4b4b0f8f1f5f4a2f3c9d10";

    [Theory]
    [InlineData($"/whatsapp/success/{State}")]
    [InlineData($"/whatsapp/failed/{State}")]
    [InlineData($"/whatsapp/success/{State}/events")]
    [InlineData($"/WhatsApp/SUCCESS/{State}")]
    [InlineData($"/base/whatsapp/success/{State}")]
    [InlineData($"/%77hatsapp/succes%73/{State}")]
    [InlineData($"//whatsapp//success//{State}")]
    [InlineData($"http://connect.example.com/whatsapp/success/{State}?phone_number_id=1")]
    [InlineData($"/whatsapp/{State}/success")]
    [InlineData($"/setup/{State}")]
    [InlineData($"/{State}")]
    public async Task A_trace_holds_nothing_of_a_path_but_its_route(string path)
    {
        await using var service = await Exporting.StartAsync(app =>
        {
            app.MapGet("/whatsapp/{kind}/{state}", () => HttpStatusCode.OK);
            app.MapGet("/last", () => HttpStatusCode.OK);
        });

        await service.GetAsync(path);
        await service.GetAsync("/last");
        await service.UntilExportedAsync("traces", "GET /last");

        Assert.DoesNotContain(State, service.Exported("traces"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("phone_number_id", service.Exported("traces"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_span_of_a_redirect_has_the_name_and_the_route_of_its_template()
    {
        await using var service = await Exporting.StartAsync(app => app.MapGet("/whatsapp/success/{state}", () => HttpStatusCode.OK));

        await service.GetAsync($"/whatsapp/success/{State}?phone_number_id=1");
        await service.UntilExportedAsync("traces", "GET /whatsapp/success/{state}");

        Assert.Contains("http.route", service.Exported("traces"), StringComparison.Ordinal);
        Assert.DoesNotContain("url.path", service.Exported("traces"), StringComparison.Ordinal);
        Assert.DoesNotContain("url.query", service.Exported("traces"), StringComparison.Ordinal);
        Assert.DoesNotContain(State, service.Exported("traces"), StringComparison.Ordinal);
    }
}
