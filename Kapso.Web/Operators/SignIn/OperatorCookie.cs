using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Kapso.Web.Operators.SignIn;

/// <summary>
/// The cookie in the browser: for scripts unreadable, sent to this site by its own pages only, and over https only. A
/// development run may be opened over plain http on this machine; its cookie then cannot ask for more.
/// </summary>
internal sealed class OperatorCookie(IHostEnvironment environment)
{
    private const string SecureName = "__Host-kapso-operator";
    private const string PlainName = "kapso-operator";

    /// <summary>The cookie that a request brings.</summary>
    public string? Read(HttpContext context) => context.Request.Cookies[NameFor(context)];

    /// <summary>Hands the cookie out.</summary>
    public void Give(HttpContext context, string value) =>
        context.Response.Cookies.Append(NameFor(context), value, Options(context));

    /// <summary>Takes it back.</summary>
    public void Take(HttpContext context) =>
        context.Response.Cookies.Delete(NameFor(context), Options(context));

    /// <summary>Whether a browser keeps the cookie of this page.</summary>
    public bool IsKept(HttpContext context) => context.Request.IsHttps || IsPlain(context);

    private string NameFor(HttpContext context) => IsPlain(context) ? PlainName : SecureName;

    private CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        Path = "/",
        SameSite = SameSiteMode.Strict,
        Secure = !IsPlain(context),
    };

    private bool IsPlain(HttpContext context) => environment.IsDevelopment() && !context.Request.IsHttps
        && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
}
