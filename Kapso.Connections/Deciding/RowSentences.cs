namespace Kapso.Connections.Deciding;

/// <summary>What an answer of the platform's says of a number that it does not prove, in one sentence for each cause.</summary>
internal static class RowSentences
{
    public static string Of(Observation answer)
    {
        var sentence = answer.Finding switch
        {
            RowFinding.NotListed => "The platform does not list the number.",
            RowFinding.AnotherCustomers => "The platform lists the number as another customer's.",
            RowFinding.Disconnected => "The platform lists the number as disconnected.",
            RowFinding.NoCustomer => "The platform lists the number as no customer's.",
            RowFinding.NoAccount => "The platform lists the number without a WhatsApp Business Account.",
            RowFinding.NoStatus => "The platform lists the number without a status.",
            RowFinding.OtherStatus => $"The platform lists the number as {answer.PlatformStatus}.",
            _ when answer.Kind == ObservationKind.ApiAbsent => "The platform does not list the number as this customer's and connected.",
            _ => "The platform lists the number, and does not say that it is this customer's and connected.",
        };
        return answer is { Finding: RowFinding.NoCustomer or RowFinding.NoAccount, PlatformStatus: { } status }
            ? $"{sentence} Its status there is {status}."
            : sentence;
    }
}
