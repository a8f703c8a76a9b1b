using System.Diagnostics;
using Kapso.ServiceDefaults;

namespace Kapso.Tests.Platform;

public sealed class RedirectStateScrubberTests
{
    private const string State = "3f9c2f6c0d4b4b0f8f1f5f4a2f3c9d10";

    [Theory]
    [InlineData($"/whatsapp/success/{State}", "/whatsapp/success/{hidden}")]
    [InlineData($"/whatsapp/failed/{State}", "/whatsapp/failed/{hidden}")]
    [InlineData($"/whatsapp/success/{State}/events", "/whatsapp/success/{hidden}/events")]
    [InlineData($"/WhatsApp/SUCCESS/{State}", "/whatsapp/success/{hidden}")]
    [InlineData($"/base/whatsapp/success/{State}", "/base/whatsapp/success/{hidden}")]
    [InlineData($"/%77hatsapp/succes%73/{State}", "/whatsapp/success/{hidden}")]
    [InlineData($"//whatsapp//success//{State}", "//whatsapp//success//{hidden}")]
    [InlineData($"https://connect.example.com/whatsapp/success/{State}?phone_number_id=1", "https://connect.example.com/whatsapp/success/{hidden}")]
    [InlineData("/whatsapp/project-1/success", "/whatsapp/{hidden}/success")]
    [InlineData("/webhooks/project/project-1", null)]
    [InlineData("/api/projects/project-1/connections", null)]
    [InlineData("/", null)]
    public void Only_the_words_of_our_routes_are_left_of_a_redirect(string path, string? expected) =>
        Assert.Equal(expected, RedirectStateScrubber.Scrub(path));

    [Fact]
    public void A_span_of_a_redirect_holds_no_state_when_it_ends()
    {
        using var source = new ActivitySource("Microsoft.AspNetCore");
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => ReferenceEquals(candidate, source),
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var scrubber = new RedirectStateScrubber();
        using var activity = source.StartActivity($"GET /whatsapp/success/{State}")!;
        activity.SetTag("url.path", $"/whatsapp/success/{State}").SetTag("url.query", "?phone_number_id=1").SetTag("http.route", "/whatsapp/success/{state}");

        scrubber.OnEnd(activity);

        Assert.DoesNotContain(State, activity.DisplayName, StringComparison.Ordinal);
        Assert.DoesNotContain(activity.Tags, tag => tag.Value!.Contains(State, StringComparison.Ordinal));
        Assert.Null(activity.GetTagItem("url.query"));
        Assert.Equal("/whatsapp/success/{state}", activity.GetTagItem("http.route"));
    }
}
