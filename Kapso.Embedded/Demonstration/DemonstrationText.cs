namespace Kapso.Embedded.Demonstration;

/// <summary>What the console shows of the demonstration project.</summary>
internal static class DemonstrationText
{
    /// <summary>The secrets, and a pair of commands that work in every POSIX shell as they are pasted.</summary>
    public static string OfProject(string address, DemonstrationSecrets secrets, string file)
    {
        var body = $$$"""{"phone_number_id":"{{{DemonstrationPlatform.PhoneNumberId}}}","project":{"id":"{{{DemonstrationProject.Id}}}"},"customer":{"id":"{{{DemonstrationPlatform.CustomerId}}}"}}""";

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

            curl -sS '{{address}}/api/projects/{{DemonstrationProject.Id}}/customers/{{DemonstrationPlatform.CustomerId}}/connection' \
              -H 'Authorization: Bearer {{secrets.ManagementKey}}' -w '\n'

            """;
    }

    /// <summary>The management key alone, where projects are configured.</summary>
    public static string OfKey(DemonstrationSecrets secrets, string file) => $"""

        No management key is configured (Kapso:Management:ApiKey). One is made up and kept in
        {file}

          management key   {secrets.ManagementKey}

        """;

    /// <summary>How to play a setup link from end to end.</summary>
    public static string OfPlatform(string address) => $"""

        Play a setup link in a browser, with a simulated platform:

          1. open {address}/ops and sign in with the management key and any name
          2. Customers, New customer…, then Make the link: open the link that is shown, and connect a number
          3. the page turns to connected by itself; the customer's page has the timeline, and this console the welcome

        {address}{DemonstrationPlatform.Path} is the platform itself: its faults, its clock, what it sent.

        """;
}
