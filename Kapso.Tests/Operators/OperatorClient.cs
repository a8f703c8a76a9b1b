using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Kapso.Tests.Web;

namespace Kapso.Tests.Operators;

/// <summary>A browser's part in signing in, without a browser: forms, the cookie, and no redirect followed.</summary>
internal static partial class OperatorClient
{
    // A browser has the cookie that came with a form beside the one of the sign-in.
    private static readonly ConcurrentDictionary<string, string> FormCookies = new();

    public static Task<HttpResponseMessage> SendFormAsync(
        this WebHost host, string path, string? cookie, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        if (Array.Find(fields, field => field.Name == "token").Value is { } token && FormCookies.TryGetValue(token, out var formCookie))
            cookie += "; " + formCookie;
        return SendAsync(host, request, cookie);
    }

    public static Task<HttpResponseMessage> OpenAsync(this WebHost host, string path, string? cookie) =>
        SendAsync(host, new HttpRequestMessage(HttpMethod.Get, path), cookie);

    public static Task<HttpResponseMessage> SignInAsync(this WebHost host, string key = WebHost.ManagementKey, string target = "/ops") =>
        host.SendFormAsync("/ops/sign-in", null, ("name", "operator-1"), ("key", key), ("return", target));

    /// <summary>Signs in and returns the cookie as a browser sends it back.</summary>
    public static async Task<string> GetCookieAsync(this WebHost host)
    {
        using var response = await host.SignInAsync();
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return SetCookieOf(response).Split(';')[0];
    }

    public static string SetCookieOf(HttpResponseMessage response) => Assert.Single(response.Headers.GetValues("Set-Cookie"));

    /// <summary>The token of the forms on a page.</summary>
    public static async Task<string> ReadTokenAsync(this WebHost host, string cookie)
    {
        using var response = await host.OpenAsync($"/ops/{WebHost.Project}", cookie);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var token = Token().Match(await response.Content.ReadAsStringAsync()).Groups[1].Value;
        FormCookies[token] = SetCookieOf(response).Split(';')[0];
        return token;
    }

    [GeneratedRegex("name=\"token\" value=\"([\\w-]+)\"")]
    private static partial Regex Token();

    private static async Task<HttpResponseMessage> SendAsync(WebHost host, HttpRequestMessage request, string? cookie)
    {
        using (request)
        {
            if (cookie is not null)
                request.Headers.Add("Cookie", cookie);
            return await host.Client.SendAsync(request);
        }
    }
}
