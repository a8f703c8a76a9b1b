using Kapso.Platform.Api;
using Kapso.Platform.Links;
using Kapso.Platform.Settings;
using Kapso.Web.Customers.Redirects;
using Kapso.Web.Http;
using Kapso.Web.Projects;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Management;

/// <summary>A body that asks for a setup link.</summary>
internal interface ILinkBody
{
    string? ReturnUrl { get; }

    bool Replace { get; }

    /// <summary>The platform's part of it.</summary>
    SetupLinkRequest ToOptions();
}

/// <summary>A request for a setup link, of whichever kind: what all of them come with, and how they are answered.</summary>
internal sealed record LinkAsk(
    [FromHeader(Name = "Idempotency-Key")] string? IdempotencyKey, HttpRequest Request, ReturnUrls ReturnUrls, IOptions<KapsoOptions> Options)
{
    /// <summary>What the body says, or what is wrong with the request.</summary>
    public async Task<(T? Wanted, string? Wrong)> ReadAsync<T>(T missing, string members, CancellationToken cancellationToken)
        where T : class, ILinkBody
    {
        if (IdempotencyKey is not null && !BoundedId.IsValid(IdempotencyKey))
            return (null, "Idempotency-Key must have 1 to 128 characters, none of them a control character, and no blank at its ends.");
        var (wanted, wrong) = await JsonBody.ReadAsync(Request, missing, members, cancellationToken);
        return wanted?.ReturnUrl is { } url && !ReturnUrls.TryAccept(url, out _) ? (null, ReturnUrls.Expected) : (wanted, wrong);
    }

    public LinkOrder OrderOf(CustomerKey key, ILinkBody wanted) =>
        new(key, wanted.ToOptions(), wanted.ReturnUrl, wanted.Replace, IdempotencyKey, Options.Value.OriginOf(Request));

    public Results<Created<UsableLinkView>, Ok<UsableLinkView>, ProblemHttpResult> Answer(LinkOrderResult result) => result switch
    {
        { End: LinkOrderEnd.Issued, Link: { } link } => TypedResults.Created((string?)null, UsableLinkView.Of(link)),
        { End: LinkOrderEnd.Found, Link: { } link } => TypedResults.Ok(UsableLinkView.Of(link)),
        _ => PlatformProblems.Of(result, Request.HttpContext.Response),
    };
}
