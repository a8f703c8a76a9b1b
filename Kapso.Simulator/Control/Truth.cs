namespace Kapso.Simulator.Control;

/// <summary>What is so, whatever was told of it: to compare a receiver's state with.</summary>
internal static class Truth
{
    public static object Of(SimulatedPlatform platform)
    {
        var now = platform.Clock.UtcNow;
        var numbers = platform.Numbers().ToLookup(number => number.CustomerId, Of);
        var setupLinks = platform.SetupLinks().ToLookup(link => link.CustomerId, link => Of(link, now));
        return new
        {
            now,
            platform.ProjectId,
            SenderPhoneNumberId = platform.Sender.Id,
            platform.Dice.Seed,
            Customers = platform.Customers().Select(customer => new
            {
                customer.Id,
                customer.ExternalCustomerId,
                Numbers = numbers[customer.Id],
                SetupLinks = setupLinks[customer.Id],
            }),
            Messages = platform.Messages().Select(Of),
            Deliveries = platform.Deliveries.Counts(),
        };
    }

    private static object Of(PhoneNumber number) => new
    {
        PhoneNumberId = number.Id,
        Connected = number.IsConnected,
        DisplayPhoneNumber = number.Display,
        number.SetupLinkId,
        number.CreatedAt,
    };

    private static object Of(SetupLink link, DateTimeOffset now) =>
        new { link.Id, Status = link.StatusAt(now), WhatsappSetupStatus = link.SetupStatus, WhatsappSetupError = link.SetupError };

    private static object Of(Message message) => new
    {
        message.Id,
        FromPhoneNumberId = message.SenderPhoneNumberId,
        message.To,
        Template = message.TemplateName,
        BizOpaqueCallbackData = message.CallbackData,
        message.At,
    };
}
