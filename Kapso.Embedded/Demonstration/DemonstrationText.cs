namespace Kapso.Embedded.Demonstration;

/// <summary>What the console shows of the demonstration project.</summary>
internal static class DemonstrationText
{
    private const string CustomerId = "de300000-0000-4000-8000-000000000002";
    private const string PhoneNumberId = "123456789012345";

    /// <summary>The secrets, and a pair of commands that work in every POSIX shell as they are pasted.</summary>
    public static string OfProject(string address, DemonstrationSecrets secrets, string file)
    {
        var body = $$$"""{"phone_number_id":"{{{PhoneNumberId}}}","project":{"id":"{{{DemonstrationProject.Id}}}"},"customer":{"id":"{{{CustomerId}}}"}}""";

        // -hex prints "SHA2-256(stdin)= 1f…", or another name, or none: the digits are what follows the last blank.
        return $$"""

            Kapso runs a demonstration project, since none is configured. Its secrets are made up and kept in
            {{file}}

              webhook          {{address}}/webhooks/project/{{DemonstrationProject.Id}}
              webhook secret   {{secrets.WebhookSecret}}
              management key   {{secrets.ManagementKey}}

            Send a signed webhook (the same again is a duplicate):

            body='{{body}}'
            signature=$(printf %s "$body" | openssl dgst -sha256 -hmac '{{secrets.WebhookSecret}}' -hex | sed 's/^.* //')
            curl -sS '{{address}}/webhooks/project/{{DemonstrationProject.Id}}' \
              -H 'Content-Type: application/json' -H 'X-Webhook-Event: whatsapp.phone_number.created' \
              -H 'X-Webhook-Payload-Version: v2' -H 'X-Idempotency-Key: de300000-0000-4000-8000-000000000003' \
              -H "X-Webhook-Signature: $signature" --data-binary "$body" -w '\n%{http_code}\n'

            See what became of the customer:

            curl -sS '{{address}}/api/projects/{{DemonstrationProject.Id}}/customers/{{CustomerId}}/connection' \
              -H 'Authorization: Bearer {{secrets.ManagementKey}}' -w '\n'

            """;
    }

    /// <summary>The management key alone, where projects are configured.</summary>
    public static string OfKey(DemonstrationSecrets secrets, string file) => $"""

        No management key is configured (Kapso:Management:ApiKey). One is made up and kept in
        {file}

          management key   {secrets.ManagementKey}

        """;

    /// <summary>The address at which a command on this machine reaches the server.</summary>
    public static string LocalAddress(IEnumerable<string> addresses)
    {
        // A host such as 0.0.0.0 or [::] is where the server listens, not where it is reached.
        var all = addresses.Select(BindingAddress.Parse).ToArray();
        var address = all.FirstOrDefault(one => one.Scheme == Uri.UriSchemeHttp) ?? all.FirstOrDefault();
        if (address is null)
            return "http://127.0.0.1:5080";
        var host = address.Host is "0.0.0.0" or "[::]" or "+" or "*" ? "127.0.0.1" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}";
    }
}
