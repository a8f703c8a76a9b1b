using System.Text.Json;
using System.Text.Json.Nodes;
using Kapso.Simulator.World;

namespace Kapso.Simulator.Deliveries;

/// <summary>The bodies of deliveries, in each of their shapes.</summary>
internal static class DeliveryBody
{
    public static byte[] Write(Delivery delivery, string projectId) => JsonSerializer.SerializeToUtf8Bytes(delivery.Shape switch
    {
        DeliveryShape.Envelope => Envelope(delivery, projectId),
        DeliveryShape.Batch => Batch(delivery, projectId),
        DeliveryShape.V1 => V1(delivery.Happenings[0], projectId),
        _ => Flat(delivery.Happenings[0], projectId),
    });

    private static JsonObject Flat(Happening happening, string projectId)
    {
        var body = new JsonObject
        {
            ["phone_number_id"] = happening.Number.Id,
            ["project"] = new JsonObject { ["id"] = projectId },
        };
        if (happening.Number.CustomerId is { } customer)
            body["customer"] = new JsonObject { ["id"] = customer };
        if (happening.EventId is { } id)
        {
            body["id"] = id;
            body["event"] = happening.Event;
            body["occurred_at"] = Times.Iso(happening.At);
            body["connection_type"] = "coexistence";
            body["source"] = "meta";
        }

        if (happening.Disconnection is { } why)
            body["disconnection"] = new JsonObject { ["reason"] = why.Reason, ["initiated_by"] = why.InitiatedBy };
        if (happening.IsTest)
        {
            body["test"] = true;
            body["test_timestamp"] = Times.Iso(happening.At);
        }

        return body;
    }

    private static JsonObject Envelope(Delivery delivery, string projectId)
    {
        var data = Flat(delivery.Happenings[0], projectId);
        var body = new JsonObject { ["event"] = delivery.Event };

        // A test says so at top level, whatever the shape.
        foreach (var name in (string[])["test", "test_timestamp"])
        {
            if (data.Remove(name, out var value))
                body[name] = value;
        }

        body["data"] = data;
        return body;
    }

    private static JsonObject Batch(Delivery delivery, string projectId) => new()
    {
        ["type"] = delivery.Event,
        ["batch"] = true,
        ["data"] = new JsonArray([.. delivery.Happenings.Select(happening => Flat(happening, projectId))]),
        ["batch_info"] = new JsonObject { ["size"] = delivery.Happenings.Count, ["window_ms"] = 2000 },
    };

    private static JsonObject V1(Happening happening, string projectId)
    {
        var number = happening.Number;
        var body = new JsonObject
        {
            ["whatsapp_config"] = new JsonObject
            {
                ["id"] = number.ConfigId,
                ["phone_number_id"] = number.Id,
                ["business_account_id"] = number.BusinessAccountId,
                ["display_phone_number"] = number.Display,
            },
            ["project"] = new JsonObject { ["id"] = projectId },
        };
        if (number.CustomerId is { } customer)
            body["customer"] = new JsonObject { ["id"] = customer, ["external_customer_id"] = null };
        if (number.SetupLinkId is { } link)
            body["setup_link"] = new JsonObject { ["id"] = link };
        if (happening.IsTest)
        {
            body["test"] = true;
            body["test_timestamp"] = Times.Iso(happening.At);
        }

        return body;
    }
}
