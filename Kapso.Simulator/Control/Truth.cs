using System.Text.Json.Nodes;
using Kapso.Simulator.Api;
using Kapso.Simulator.Deliveries;
using Kapso.Simulator.World;

namespace Kapso.Simulator.Control;

/// <summary>What is so, whatever was told of it: to compare a receiver's state with.</summary>
internal static class Truth
{
    public static JsonObject Of(SimulatedPlatform platform)
    {
        var now = platform.Clock.UtcNow;
        var numbers = platform.Numbers().ToLookup(number => number.CustomerId);
        var links = platform.SetupLinks().ToLookup(link => link.CustomerId);
        var counts = platform.Deliveries.Counts();
        return new JsonObject
        {
            ["now"] = Times.Iso(now),
            ["project_id"] = platform.ProjectId,
            ["sender_phone_number_id"] = platform.Sender.Id,
            ["seed"] = platform.Dice.Seed,
            ["customers"] = new JsonArray([.. platform.Customers().Select(customer => new JsonObject
            {
                ["id"] = customer.Id,
                ["external_customer_id"] = customer.ExternalCustomerId,
                ["numbers"] = new JsonArray([.. numbers[customer.Id].Select(NumberOf)]),
                ["setup_links"] = new JsonArray([.. links[customer.Id].Select(link => LinkOf(link, now))]),
            })]),
            ["messages"] = new JsonArray([.. platform.Messages().Select(MessageOf)]),
            ["deliveries"] = new JsonObject(counts.Select(pair => KeyValuePair.Create(Names.Of(pair.Key), (JsonNode?)JsonValue.Create(pair.Value)))),
        };
    }

    private static JsonObject NumberOf(PhoneNumber number) => new()
    {
        ["phone_number_id"] = number.Id,
        ["connected"] = number.IsConnected,
        ["display_phone_number"] = number.Display,
        ["setup_link_id"] = number.SetupLinkId,
        ["created_at"] = Times.Iso(number.CreatedAt),
    };

    private static JsonObject LinkOf(SetupLink link, DateTimeOffset now) => new()
    {
        ["id"] = link.Id,
        ["status"] = link.StatusAt(now),
        ["whatsapp_setup_status"] = link.SetupStatus,
        ["whatsapp_setup_error"] = link.SetupError,
    };

    private static JsonObject MessageOf(Message message) => new()
    {
        ["id"] = message.Id,
        ["from_phone_number_id"] = message.SenderPhoneNumberId,
        ["to"] = message.To,
        ["template"] = message.TemplateName,
        ["biz_opaque_callback_data"] = message.CallbackData,
        ["at"] = Times.Iso(message.At),
    };
}
