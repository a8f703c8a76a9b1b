using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Audit;

/// <summary>What is learned of an act while it is done.</summary>
internal sealed class ActNotes
{
    public string? CustomerId { get; set; }

    public string? Target { get; set; }

    public string? Detail { get; set; }
}

/// <summary>Tells the audit more of the act that a request is.</summary>
internal static class ActNotesExtensions
{
    /// <summary>Notes the customer, what it was done to, or a few words of our own: nothing that somebody typed, and no secret.</summary>
    public static void NoteAct(this HttpContext context, string? customerId = null, string? target = null, string? detail = null)
    {
        if (context.Features.Get<ActNotes>() is not { } notes)
            return;
        notes.CustomerId = BoundedId.IsValid(customerId) ? customerId : notes.CustomerId;
        notes.Target = BoundedId.IsValid(target) ? target : notes.Target;
        notes.Detail = detail ?? notes.Detail;
    }
}
