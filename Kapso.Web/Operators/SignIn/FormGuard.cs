using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Operators.SignIn;

/// <summary>Takes a form only where one of our own pages sent it.</summary>
internal static class FormGuard
{
    /// <summary>The fields of a form; none where the body is no form, or is too large to be one of ours. Can be read again.</summary>
    public static async Task<IFormCollection> ReadAsync(HttpContext context)
    {
        try
        {
            return context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        }
        catch (InvalidDataException)
        {
            return FormCollection.Empty;
        }
    }

    /// <summary>Whether the browser says that a page of this site sent the request. One that says nothing is left to the token.</summary>
    public static bool IsSameSite(HttpContext context) =>
        context.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
}
