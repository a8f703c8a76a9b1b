using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kapso.Web.Operators.SignIn;

/// <summary>Takes a form only where one of our own pages sent it.</summary>
internal static class FormGuard
{
    /// <summary>The field that carries the form's token.</summary>
    public const string Field = "token";

    private static readonly FormOptions Bounds = new() { ValueCountLimit = 32, KeyLengthLimit = 64, ValueLengthLimit = 4_096 };

    private static readonly object Item = new();

    /// <summary>The fields of a form; none where the body is no form, or is too large to be one of ours. Can be read again.</summary>
    public static async Task<IFormCollection> ReadAsync(HttpContext context)
    {
        if (context.Items.TryGetValue(Item, out var known))
            return (IFormCollection)known!;
        var form = await ReadBodyAsync(context);
        context.Items[Item] = form;
        return form;
    }

    private static async Task<IFormCollection> ReadBodyAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return FormCollection.Empty;
        try
        {
            return await new FormFeature(context.Request, Bounds).ReadFormAsync(context.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return FormCollection.Empty;
        }
    }

    /// <summary>
    /// Whether the browser says that a page of this site sent the request. One that says nothing is left to the form's token.
    /// </summary>
    public static bool IsSameSite(HttpContext context) =>
        context.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
}
