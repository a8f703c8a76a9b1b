using Kapso.Platform;
using Kapso.Platform.Settings;
using Kapso.Platform.Validation;
using Kapso.Tests.Engines.Memory;
using Microsoft.Extensions.Options;

namespace Kapso.Tests.Platform;

public sealed class KapsoOptionsTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly Dictionary<string, string?> Valid = new()
    {
        ["Kapso:PublicUrl"] = "https://connect.example.com",
        ["Kapso:Management:ApiKey"] = "0123456789abcdef",
        ["Kapso:Projects:0:Id"] = "project-1",
        ["Kapso:Projects:0:WebhookSecrets:0"] = "secret",
    };

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "Kapso:Projects:0:Id", " padded", "Kapso:Projects:0:Id is not an id: there are blanks around it" },
        { "Kapso:Projects:0:Id", "a\tb", "Kapso:Projects:0:Id is not an id: it has a control character" },
        { "Kapso:Projects:0:Id", new string('a', 129), "Kapso:Projects:0:Id is not an id: it is longer than 128" },
        { "Kapso:Projects:1:Id", "project-1", "Kapso:Projects:1:Id is the same as Kapso:Projects:0:Id" },
        { "Kapso:Projects:1:Name", "nameless", "Kapso:Projects:1:Id is missing" },
        { "Kapso:Projects:0:WebhookSecrets:1", "\r\n", "Kapso:Projects:0:WebhookSecrets:1 is empty" },
        { "Kapso:Projects:0:WebhookSecrets:1", "first\nsecond", "Kapso:Projects:0:WebhookSecrets:1 has a line end inside, after its character 5" },
        { "Kapso:Projects:0:Webhook", "managed", "Kapso:Projects:0:Webhook is managed, and the platform cannot be told of the webhook without a key: set Kapso:Projects:0:ApiKey." },
        { "Kapso:Projects:0:ApiKey", "key of mine", "Kapso:Projects:0:ApiKey has a blank inside, its character 4" },
        { "Kapso:Projects:0:ApiKey", "key\nkey", "Kapso:Projects:0:ApiKey has a line end inside, its character 4" },
        { "Kapso:PublicUrl", "", "Kapso:PublicUrl is missing" },
        { "Kapso:Operators:TraceUrl", "/traces/{trace_id}", "Kapso:Operators:TraceUrl is not an absolute" },
        { "Kapso:Operators:TraceUrl", "javascript:alert('{trace_id}')", "Kapso:Operators:TraceUrl has another scheme" },
        { "Kapso:Operators:TraceUrl", "https://me@traces.example.com/{trace_id}", "Kapso:Operators:TraceUrl has user info" },
        { "Kapso:Operators:TraceUrl", "https://traces.example.com/", "Kapso:Operators:TraceUrl has no {trace_id}" },
        { "Kapso:PublicUrl", "/connect", "Kapso:PublicUrl is not an absolute" },
        { "Kapso:PublicUrl", "ftp://connect.example.com", "Kapso:PublicUrl has another scheme" },
        { "Kapso:PublicUrl", "connect.example.com:8443", "Kapso:PublicUrl has a host and a port and no scheme" },
        { "Kapso:PublicUrl", "http://connect.example.com", "Kapso:PublicUrl has to be https" },
        { "Kapso:PublicUrl", "https://connect.example.com/?a=b", "Kapso:PublicUrl has a query" },
        { "Kapso:PublicUrl", "https://connect.example.com/#a", "Kapso:PublicUrl has a fragment" },
        { "Kapso:PublicUrl", "https://me@connect.example.com/", "Kapso:PublicUrl has user info" },
        { "Kapso:TrustedProxies:0", "proxy.example.com", "Kapso:TrustedProxies:0 is not an address" },
        { "Kapso:TrustedProxies:0", "proxy/8", "Kapso:TrustedProxies:0 is not a network, such as 10.0.0.0/8: what stands before" },
        { "Kapso:TrustedProxies:0", "10.0.0.0/33", "Kapso:TrustedProxies:0 is not a network, such as 10.0.0.0/8: what stands after" },
        { "Kapso:DrainTime", "00:02:00", "Kapso:DrainTime is out of range" },
        { "Kapso:Platform:BaseUrl", "http://api.example.com", "Kapso:Platform:BaseUrl has to be https" },
        { "Kapso:Platform:RequestsPerMinute", "0", "Kapso:Platform:RequestsPerMinute is out of range" },
        { "Kapso:Management:ApiKey", "", "Kapso:Management:ApiKey is missing" },
        { "Kapso:Management:ApiKey", "0123456789abcde", "Kapso:Management:ApiKey is too short" },
        { "Kapso:Management:ApiKey", "0123456789 abcdef", "Kapso:Management:ApiKey has a blank inside, its character 11" },
        { "Kapso:Management:ApiKey", "0123456789\nabcdef", "Kapso:Management:ApiKey has a line end inside, its character 11" },
        { "Kapso:Management:ApiKey", "0123456789é-abcdef", "Kapso:Management:ApiKey has a character that is not ASCII, its character 11" },
        { "Kapso:Management:Keys:0:Name", "ci", "Kapso:Management:Keys:0:Key is missing" },
        { "Kapso:Management:Keys:0:Name", "ci", "Kapso:Management:Keys:0:Role is missing: set read, operate or administer." },
        { "Kapso:Management:Keys:0:Name", "management key", "Kapso:Management:Keys:0:Name is what Kapso:Management:ApiKey is called" },
        { "Kapso:Management:Keys:0:Name", new string('a', 65), "Kapso:Management:Keys:0:Name is no name" },
        { "Kapso:Management:Keys:0:Key", "0123456789abcdefg", "Kapso:Management:Keys:0:Name is missing" },
        { "Kapso:Management:Keys:0:Key", "0123456789abcde", "Kapso:Management:Keys:0:Key is too short" },
        { "Kapso:Management:Keys:0:Key", "0123456789abcdef", "Kapso:Management:Keys:0:Key is the same as Kapso:Management:ApiKey" },
        { "Kapso:Management:OpenIdConnect:ClientId", "kapso", "Kapso:Management:OpenIdConnect:Authority is missing" },
        { "Kapso:Management:OpenIdConnect:Authority", "https://login.example.com", "Kapso:Management:OpenIdConnect:ClientId is missing" },
        { "Kapso:Management:OpenIdConnect:Authority", "https://login.example.com", "Kapso:Management:OpenIdConnect:Roles:Administer:0 is missing" },
        { "Kapso:Management:OpenIdConnect:Authority", "http://login.example.com", "Kapso:Management:OpenIdConnect:Authority has to be https" },
        { "Kapso:Management:OpenIdConnect:Authority", "https://login.example.com/?a=b", "Kapso:Management:OpenIdConnect:Authority has more than" },
        { "Kapso:Management:OpenIdConnect:Authority", "login", "Kapso:Management:OpenIdConnect:Authority is not an absolute" },
        { "Kapso:Welcome:Flow", "template", "Kapso:Welcome:Template:Name is missing" },
        { "Kapso:Welcome:Flow", "callback", "Kapso:Welcome:Callback:Url is missing" },
        { "Kapso:Welcome:Flow", "callback", "Kapso:Welcome:Callback:Secret is missing" },
        { "Kapso:Notify:Url", "app.example.com/kapso", "Kapso:Notify:Url is not an absolute" },
        { "Kapso:Notify:Url", "https://user:pass@app.example.com", "Kapso:Notify:Url has user info" },
        { "Kapso:Notify:Url", "https://app.example.com", "Kapso:Notify:Secret is missing" },
        { "Kapso:Notify:Secret", "plain", "Kapso:Notify:Secret has no prefix whsec_ and is too short: 3 bytes" },
        { "Kapso:Notify:Secret", Secret + " whpk_x", "Kapso:Notify:Secret (secret 2 of 2) is a public key" },
        { "Kapso:Notify:Secret", Secret, "Kapso:Notify:Url is missing" },
        { "Kapso:Reconnect:Auto", "true", "Kapso:Reconnect:Auto is true, and no project has an ApiKey" },
        { "Kapso:Reconnect:Auto", "true", "Kapso:Reconnect:Auto is true, and Kapso:Notify:Url is not set" },
        { "Kapso:Pages:AllowedHosts:0", "https://app.example.com", "Kapso:Pages:AllowedHosts:0 is not a host name: it has a scheme" },
        { "Kapso:Pages:AllowedHosts:0", "app.example.com/a", "Kapso:Pages:AllowedHosts:0 is not a host name: it has a path" },
        { "Kapso:Pages:AllowedHosts:0", "*.example.com", "Kapso:Pages:AllowedHosts:0 is not a host name: it has a wildcard" },
        { "Kapso:Pages:AllowedHosts:0", "app.example.com:8443", "Kapso:Pages:AllowedHosts:0 is not a host name: it has a port" },
        { "Kapso:Pages:SuccessUrl", "http://app.example.com", "Kapso:Pages:SuccessUrl has to be https" },
        { "Kapso:Pages:SuccessUrl", "/connected", "Kapso:Pages:SuccessUrl is not an absolute URL" },
        { "Kapso:Pages:FailureUrl", "https://app.example.com", "Kapso:Pages:FailureUrl has a host that is not allowed" },
        { "Kapso:Pages:CompanyName", " ", "Kapso:Pages:CompanyName is empty" },
        { "Kapso:Pages:CompanyName", new string('a', 81), "Kapso:Pages:CompanyName is too long: 81" },
        { "Kapso:Pages:CompanyName", "a\nb", "Kapso:Pages:CompanyName has a control character" },
        { "Kapso:Pages:LogoUrl", "http://app.example.com/logo.svg", "Kapso:Pages:LogoUrl has another scheme" },
        { "Kapso:Pages:LogoUrl", "logo.svg", "Kapso:Pages:LogoUrl is neither" },
        { "Kapso:Pages:LogoUrl", "https://me@app.example.com/logo.svg", "Kapso:Pages:LogoUrl has user info" },
        { "Kapso:Pages:LogoUrl", "/my logo.svg", "Kapso:Pages:LogoUrl has a blank" },
        { "Kapso:Pages:LogoUrl", "//app.example.com/logo.svg", "Kapso:Pages:LogoUrl names another host" },
        { "Kapso:Pages:LogoUrl", "https://app.example.com/logo.svg;script-src", "Kapso:Pages:LogoUrl has a backslash" },
        { "Kapso:Pages:Colors:Card", "#ffffff", "Kapso:Pages:Colors:Text is not a colour" },
        { "Kapso:Pages:DarkColors:Text", "red", "Kapso:Pages:DarkColors:Text is not a colour" },
        { "Kapso:Store:Path", "", "Kapso:Store:Path does not name a file: it is empty" },
        { "Kapso:Store:Path", "./data/", "Kapso:Store:Path does not name a file: it names a folder" },
        { "Kapso:Outbox:Parallelism", "0", "Kapso:Outbox:Parallelism is out of range: 0 is less than 1" },
        { "Kapso:Outbox:MaxAttempts", "101", "Kapso:Outbox:MaxAttempts is out of range: 101 is more than 100" },
        { "Kapso:Outbox:RetryDelay", "02:00:00", "Kapso:Outbox:RetryDelay is out of range: it is longer than Kapso:Outbox:MaxRetryDelay (01:00:00)" },
        { "Kapso:Outbox:RetryDelay", "00:00:00", "Kapso:Outbox:RetryDelay is out of range: set more than 0" },
        { "Kapso:Outbox:MaxRetryDelay", "00:00:00", "Kapso:Outbox:MaxRetryDelay is out of range: set more than 0" },
        { "Kapso:Outbox:MaxRetryDelay", "2.00:00:00", "Kapso:Outbox:MaxRetryDelay is out of range" },
        { "Kapso:Outbox:Lease", "00:00:00", "Kapso:Outbox:Lease is too short" },
        { "Kapso:Outbox:Lease", "-00:00:01", "Kapso:Outbox:Lease is too short" },
        { "Kapso:Outbox:Lease", "02:00:00", "Kapso:Outbox:Lease is out of range" },
        { "Kapso:Parked:MaxAge", "00:00:01", "Kapso:Parked:MaxAge is out of range" },
        { "Kapso:Audit:Keep", "23:59:59", "Kapso:Audit:Keep is out of range" },
        { "Kapso:Audit:Keep", "3651.00:00:00", "Kapso:Audit:Keep is out of range" },
        { "Kapso:Reconcile:Interval", "00:00:30", "Kapso:Reconcile:Interval is out of range" },
        { "Kapso:Reconcile:Interval", "2.00:00:00", "Kapso:Reconcile:Interval is out of range" },
        { "Kapso:Parked:MaxCount", "0", "Kapso:Parked:MaxCount is out of range" },
    };

    [Theory]
    [InlineData("Kapso:Outbox:Lease", "abc", "Kapso:Outbox:Lease is 'abc', which cannot be read: set a time as days.hours:minutes:seconds")]
    [InlineData("Kapso:Outbox:Lease", "10", "Kapso:Outbox:Lease is '10', which says no unit: set 00:00:10 for seconds, 00:10:00 for minutes or 10.00:00:00 for days.")]
    [InlineData("Kapso:Parked:MaxAge", "90", "Kapso:Parked:MaxAge is '90', which says no unit: set 00:01:30 for seconds, 01:30:00 for minutes")]
    [InlineData("Kapso:DrainTime", "5s", "Kapso:DrainTime is '5s', which cannot be read: set a time")]
    [InlineData("Kapso:Reconnect:Auto", "on", "Kapso:Reconnect:Auto is 'on', which cannot be read: set true or false.")]
    [InlineData("Kapso:Cluster:Dashboard", "yes", "Kapso:Cluster:Dashboard is 'yes', which cannot be read: set true or false.")]
    [InlineData("Kapso:Platform:RequestsPerMinute", "1e3", "Kapso:Platform:RequestsPerMinute is '1e3', which cannot be read: set a whole number in digits")]
    [InlineData("Kapso:Parked:MaxCount", "99999999999", "Kapso:Parked:MaxCount is '99999999999', which cannot be read")]
    [InlineData("Kapso:Welcome:Since", "yesterday", "Kapso:Welcome:Since is 'yesterday', which cannot be read: set a time, for example 2026-01-31T00:00:00Z.")]
    [InlineData("Kapso:Welcome:Flow", "templat", "Kapso:Welcome:Flow is 'templat', which is none of its words: set log, callback or template.")]
    [InlineData("Kapso:Projects:0:Webhook", "yes", "Kapso:Projects:0:Webhook is 'yes', which is none of its words: set manual or managed.")]
    [InlineData("Kapso:Management:Keys:0:Role", "root", "Kapso:Management:Keys:0:Role is 'root', which is none of its words: set read, operate or administer.")]
    [InlineData("Kapso:Management:Keys:0:Expires", "soon", "Kapso:Management:Keys:0:Expires is 'soon', which cannot be read: set a time")]
    [InlineData("Kapso:Welcome:Flow", "7", "Kapso:Welcome:Flow is '7', which is none of its words")]
    [InlineData("Kapso:Welcome:SamePhone", "loud", "Kapso:Welcome:SamePhone is 'loud', which is none of its words: set quiet or greet.")]
    [InlineData("Kapso:PublicUrl", "https://", "Kapso:PublicUrl is 'https://', which is no URL")]
    [InlineData("Kapso:PublicUrl", "connect.example.com", "Kapso:PublicUrl is not an absolute URL: begin it with https://, for example https://connect.example.com. It is 'connect.example.com'.")]
    [InlineData("Kapso:Welcom:Flow", "log", "Kapso:Welcom is not a setting: the nearest that is one is Kapso:Welcome:")]
    [InlineData("Kapso:Welcome:Flw", "log", "Kapso:Welcome:Flw is not a setting: the nearest that is one is Kapso:Welcome:Flow.")]
    [InlineData("Kapso:WelcomeFlow", "log", "Kapso:WelcomeFlow is not a setting: the nearest that is one is Kapso:Welcome:Flow.")]
    [InlineData("Kapso:ManagementKey", "0123456789abcdef", "Kapso:ManagementKey is not a setting: the nearest that is one is Kapso:Management:ApiKey.")]
    [InlineData("Kapso:Projects:0:WebhookSecret", "hidden", "Kapso:Projects:0:WebhookSecret is not a setting: the nearest that is one is Kapso:Projects:0:WebhookSecrets:0.")]
    [InlineData("Kapso:Projects:0:Secret", "hidden", "Kapso:Projects:0:Secret is not a setting: the nearest that is one is Kapso:")]
    [InlineData("Kapso:Projects:0:WebhookSecrets", "hidden", "Kapso:Projects:0:WebhookSecrets is a list and has no value of its own: set Kapso:Projects:0:WebhookSecrets:0.")]
    [InlineData("Kapso:Projects:first:Id", "p", "Kapso:Projects:first is no place in a list: number them Kapso:Projects:0, Kapso:Projects:1 and so on.")]
    [InlineData("Kapso:Projects:2:Id", "p", "Kapso:Projects:1 is left out, and Kapso:Projects:2 is set: number them from 0 without a gap.")]
    [InlineData("Kapso:Welcome", "template", "Kapso:Welcome is a group of settings and has no value of its own: set, for example, Kapso:Welcome:Flow.")]
    [InlineData("Kapso:PublicUrl:Host", "connect.example.com", "Kapso:PublicUrl:Host is not a setting: Kapso:PublicUrl has one value.")]
    public void What_cannot_be_read_and_what_is_no_setting_is_named_with_what_is_accepted(string setting, string value, string expected)
    {
        var failure = Assert.Single(Failures(Environments.Production, (setting, value)));

        Assert.StartsWith(expected, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_and_of_a_project_that_is_left_out_only_that()
    {
        var failures = Failures(
            Environments.Production,
            ("Kapso:Outbox:Lease", "a while"), ("Kapso:Platform:RequestsPerMinute", "1e3"), ("Kapso:Welcome:Flow", "sms"), ("Kapso:Unknown", "x"),
            ("Kapso:Parked:MaxCount", "0"), ("Kapso:Projects:0:Id", null), ("Kapso:Projects:0:WebhookSecrets:0", null), ("Kapso:Projects:1:ApiKey", "k k"));

        Assert.Equal(
            ["Kapso:Outbox:Lease", "Kapso:Parked:MaxCount", "Kapso:Platform:RequestsPerMinute", "Kapso:Projects:0", "Kapso:Unknown", "Kapso:Welcome:Flow"],
            failures.Select(failure => failure.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Kapso:Outbox:Lease", " 00:01:00 ")]
    [InlineData("Kapso:Outbox:Lease", "")]
    [InlineData("Kapso:Outbox:Parallelism", "")]
    [InlineData("Kapso:Platform:BaseUrl", "")]
    [InlineData("Kapso:Notify:Url", "")]
    [InlineData("Kapso:Welcome:Flow", "")]
    [InlineData("Kapso:Cluster:Dashboard", "")]
    [InlineData("Kapso:Cluster:Dashboard", "TRUE")]
    [InlineData("Kapso:DrainTime", "0")]
    [InlineData("kapso:WELCOME:flow", "Log")]
    [InlineData("Kapso:Projects:0:WebhookSecrets:2", "the second was removed after a rotation")]
    [InlineData("Kapso:Projects:1:Id", "another")]
    public void What_can_be_read_is_accepted_and_what_is_set_to_nothing_is_not_set(string setting, string value) =>
        Assert.Empty(Failures(Environments.Production, (setting, value)));

    [Fact]
    public void The_smallest_production_settings_are_accepted() => Assert.Empty(Failures(Environments.Production));

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Each_mistake_is_named_with_its_setting(string setting, string value, string expected) =>
        Assert.Contains(Failures(Environments.Production, (setting, value)), text => text.StartsWith(expected, StringComparison.Ordinal));

    /// <summary>Not among the others: a test runner may write names of cases down, and half a character cannot be written.</summary>
    [Fact]
    public void Half_a_character_is_named() => Each_mistake_is_named_with_its_setting(
        "Kapso:Projects:0:WebhookSecrets:1", "half \uD83D", "Kapso:Projects:0:WebhookSecrets:1 holds half of a character");

    [Theory]
    [InlineData("Name", "Welcome", "has a capital letter")]
    [InlineData("Name", "welcome!", "has a character that no template's name has")]
    [InlineData("Language", "", "is missing")]
    [InlineData("Language", "en-US", "has a hyphen")]
    [InlineData("Language", "e", "is no language code")]
    [InlineData("SenderPhoneNumberId", "", "is missing")]
    [InlineData("SenderPhoneNumberId", "+15551234567", "is a phone number, not its phone_number_id")]
    [InlineData("SenderPhoneNumberId", "12345 6789", "has a character that is no digit")]
    public void Each_mistake_in_the_template_is_named(string member, string value, string expected)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Kapso:Welcome:Flow"] = "template",
            ["Kapso:Projects:0:ApiKey"] = "key",
            ["Kapso:Welcome:Template:Name"] = "welcome",
            ["Kapso:Welcome:Template:Language"] = "en_US",
            ["Kapso:Welcome:Template:SenderPhoneNumberId"] = "123456789012345",
        };
        Assert.Empty(Failures(Environments.Production, [.. settings.Select(pair => (pair.Key, pair.Value))]));
        settings[$"Kapso:Welcome:Template:{member}"] = value;

        Assert.StartsWith(
            $"Kapso:Welcome:Template:{member} {expected}",
            Assert.Single(Failures(Environments.Production, [.. settings.Select(pair => (pair.Key, pair.Value))])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:00:20", true)]
    [InlineData("00:00:21", false)]
    public void A_lease_outlasts_a_call_to_the_platform(string lease, bool tooShort) => Assert.Equal(
        tooShort,
        Failures(Environments.Production, ("Kapso:Projects:0:ApiKey", "key"), ("Kapso:Outbox:Lease", lease))
            .Any(text => text.StartsWith("Kapso:Outbox:Lease is too short", StringComparison.Ordinal)));

    [Fact]
    public void Production_without_settings_names_everything_that_is_missing()
    {
        var failures = Failures(Environments.Production, [.. Valid.Keys.Select(key => (key, (string?)null))]);

        Assert.Collection(
            failures,
            text => Assert.StartsWith("Kapso:Projects:0:Id is missing", text, StringComparison.Ordinal),
            text => Assert.StartsWith("Kapso:PublicUrl is missing", text, StringComparison.Ordinal),
            text => Assert.StartsWith("Kapso:Management:ApiKey is missing", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Development_needs_neither_a_public_url_nor_a_management_key() => Assert.Empty(Failures(
        Environments.Development, ("Kapso:PublicUrl", null), ("Kapso:Management:ApiKey", null)));

    [Theory]
    [InlineData("https://connect.example.com", null)]
    [InlineData("", "Kapso:Reconnect:Auto is true, and Kapso:PublicUrl is not set: the links would lead nowhere afterwards. Set it, or leave this out.")]
    public void Links_that_are_made_by_themselves_need_a_key_a_receiver_and_a_public_url(string publicUrl, string? mistake) => Assert.Equal(
        mistake is null ? [] : [mistake],
        Failures(
            Environments.Development,
            ("Kapso:PublicUrl", publicUrl), ("Kapso:Projects:0:ApiKey", "key"), ("Kapso:Notify:Url", "https://app.example.com"),
            ("Kapso:Notify:Secret", Secret), ("Kapso:Reconnect:Auto", "true")));

    [Fact]
    public void A_public_url_of_this_machine_needs_no_certificate() => Assert.Empty(Failures(
        Environments.Production, ("Kapso:PublicUrl", "http://127.0.0.1:5080")));

    [Fact]
    public void A_lease_is_longer_than_every_timeout_in_use()
    {
        (string, string?)[] settings =
        [
            ("Kapso:Notify:Url", "https://app.example.com"), ("Kapso:Notify:Secret", Secret),
            ("Kapso:Notify:Timeout", "00:00:20"), ("Kapso:Outbox:Lease", "00:00:20"),
        ];

        Assert.Single(
            Failures(Environments.Production, settings),
            text => text == "Kapso:Outbox:Lease is too short: set more than 00:00:20, which is Kapso:Notify:Timeout, so that no attempt is overtaken by the next.");
        Assert.Empty(Failures(Environments.Production, [.. settings, ("Kapso:Outbox:Lease", "00:00:21")]));
    }

    [Fact]
    public void Named_keys_or_a_provider_stand_in_for_the_key_that_has_no_name()
    {
        Assert.Empty(Failures(
            Environments.Production, ("Kapso:Management:ApiKey", null), ("Kapso:Management:Keys:0:Name", "ci"),
            ("Kapso:Management:Keys:0:Key", " 0123456789abcdef\n"), ("Kapso:Management:Keys:0:Role", "operate"), ("Kapso:Management:Keys:0:Expires", "2027-01-31T00:00:00Z")));
        Assert.Empty(Failures(
            Environments.Production, ("Kapso:Management:ApiKey", null), ("Kapso:Management:OpenIdConnect:Authority", "https://login.example.com"),
            ("Kapso:Management:OpenIdConnect:ClientId", "kapso"), ("Kapso:Management:OpenIdConnect:Roles:Operate:0", "support")));
    }

    [Fact]
    public void A_page_on_an_allowed_host_is_accepted() => Assert.Empty(Failures(
        Environments.Production,
        ("Kapso:Pages:SuccessUrl", "https://app.example.com/connected"), ("Kapso:Pages:AllowedHosts:0", "APP.example.com")));

    [Fact]
    public void Secrets_lose_the_line_end_of_the_file_they_came_from()
    {
        var options = Options(
            Environments.Production,
            ("Kapso:Projects:0:WebhookSecrets:0", "  with blanks \r\n"),
            ("Kapso:Projects:0:ApiKey", "key\n"),
            ("Kapso:Management:ApiKey", " 0123456789abcdef\n"),
            ("Kapso:Welcome:Callback:Secret", Secret + "\n"),
            ("Kapso:Notify:Url", "https://app.example.com"),
            ("Kapso:Notify:Secret", Secret + "\r\n"));

        Assert.Equal("  with blanks ", options.Projects[0].WebhookSecrets[0]);
        Assert.Equal("key", options.Projects[0].ApiKey);
        Assert.Equal("0123456789abcdef", options.Management.ApiKey);
        Assert.Equal(Secret, options.Welcome.Callback.Secret);
        Assert.Equal(Secret, options.Notify.Secret);
    }

    [Fact]
    public void Quotation_marks_around_a_secret_are_those_of_the_file_it_came_from()
    {
        var options = Options(
            Environments.Production,
            ("Kapso:Projects:0:ApiKey", "\"key\"\n"),
            ("Kapso:Welcome:Callback:Secret", $"'{Secret}'"),
            ("Kapso:Notify:Url", "https://app.example.com"),
            ("Kapso:Notify:Secret", $" \"{Secret} {Secret}\" "));

        Assert.Equal("key", options.Projects[0].ApiKey);
        Assert.Equal(Secret, options.Welcome.Callback.Secret);
        Assert.Equal($"{Secret} {Secret}", options.Notify.Secret);
        Assert.StartsWith(
            "Kapso:Management:ApiKey has quotation marks around it",
            Assert.Single(Failures(Environments.Production, ("Kapso:Management:ApiKey", "\"0123456789abcdef\""))), StringComparison.Ordinal);
    }

    [Fact]
    public void No_message_repeats_a_secret()
    {
        const string Hidden = "hunter2";
        var failures = Failures(
            Environments.Production,
            ("Kapso:Management:ApiKey", Hidden),
            ("Kapso:Notify:Secret", "whsec_" + Hidden),
            ("Kapso:Notify:Url", $"https://{Hidden}:{Hidden}@app.example.com/?token={Hidden}"),
            ("Kapso:PublicUrl", $"https://{Hidden}@connect.example.com"));

        Assert.Equal(4, failures.Count);
        Assert.DoesNotContain(failures, text => text.Contains(Hidden, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_does_not_start_with_a_mistake()
    {
        using var host = Build(Environments.Production, [("Kapso:Store:Path", "")]);

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("Kapso:Store:Path", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_serves_nobody_needs_neither_public_url_nor_management_key()
    {
        using var host = Build(
            Environments.Production, [("Kapso:PublicUrl", null), ("Kapso:Management:ApiKey", null)], surface: false);

        Assert.Null(host.Services.GetRequiredService<IOptions<KapsoOptions>>().Value.Management.ApiKey);
    }

    private static IReadOnlyList<string> Failures(string environment, params (string, string?)[] settings)
    {
        try
        {
            Options(environment, settings);
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }

    private static KapsoOptions Options(string environment, params (string, string?)[] settings)
    {
        using var host = Build(environment, settings);
        return host.Services.GetRequiredService<IOptions<KapsoOptions>>().Value;
    }

    private static IHost Build(string environment, (string Setting, string? Value)[] settings, bool surface = true)
    {
        var all = new Dictionary<string, string?>(Valid);
        foreach (var (setting, value) in settings)
        {
            if (value is null)
                all.Remove(setting);
            else
                all[setting] = value;
        }

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(all);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<IConnectionEngine>(new MemoryEngine(new MemoryEngineOptions()));
        builder.AddKapsoPlatform(surface);
        return builder.Build();
    }

    [Theory]
    [InlineData("#17211c", "#0b6b43", null)]
    [InlineData("#9a9a9a", "#0b6b43", "Kapso:Pages:Colors:Text can hardly be read")]
    [InlineData("#727272", "#0b6b43", "Kapso:Pages:Colors:Text can hardly be read")] // Itself readable; the quiet text made of it is not.
    [InlineData("#17211c", "#7fd1a8", "Kapso:Pages:Colors:Accent can hardly be read")]
    public void Colours_that_could_hardly_be_read_are_a_mistake(string text, string accent, string? mistake)
    {
        var pages = new PagesOptions { Colors = new PageColors { Page = "#eeeeee", Card = "#ffffff", Text = text, Accent = accent } };
        var mistakes = new Mistakes();
        PageRules.Check(pages, mistakes);
        if (mistake is null)
            Assert.Empty(mistakes.All);
        else
            Assert.Contains(mistakes.All, found => found.StartsWith(mistake, StringComparison.Ordinal));
    }
}
