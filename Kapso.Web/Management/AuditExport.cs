using System.Globalization;
using System.Text;
using System.Text.Json;
using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Management;

/// <summary>The forms in which the audit can be taken out.</summary>
public enum AuditFormat
{
    /// <summary>One JSON object a line.</summary>
    Jsonl,

    /// <summary>Comma-separated values, as RFC 4180 has them.</summary>
    Csv,
}

/// <summary>Writes all lines that are asked for, the newest first, page by page: however many there are, few are in memory.</summary>
internal static class AuditExport
{
    private const string Header = "id,at,action,by,by_kind,project_id,customer_id,target,detail,network,trace_id,outcome,status,count\r\n";

    /// <summary>
    /// Writes the answer. One that cannot be finished is cut off, so that its reader sees it: nothing of it has to be taken for whole.
    /// </summary>
    public static async Task WriteAsync(
        HttpContext context, IConnectionEngine engine, AuditQuery query, AuditFormat format, CancellationToken cancellationToken)
    {
        context.NoteAct(detail: Snake.Of(format));
        var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var page = await engine.ListAuditAsync(query, cancellationToken);
        context.Response.ContentType = format == AuditFormat.Csv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"audit.{Snake.Of(format)}\"";
        if (format == AuditFormat.Csv)
            await context.Response.WriteAsync(Header, cancellationToken);
        while (true)
        {
            await context.Response.WriteAsync(Text(page.Items.Select(AuditLineView.Of), format, json), cancellationToken);
            if (page.NextCursor is not { } next)
                return;
            page = await engine.ListAuditAsync(query with { Cursor = next }, cancellationToken);
        }
    }

    /// <summary>An export of these lines alone.</summary>
    public static string Of(IEnumerable<AuditLineView> lines, AuditFormat format, JsonSerializerOptions json) =>
        (format == AuditFormat.Csv ? Header : "") + Text(lines, format, json);

    private static string Text(IEnumerable<AuditLineView> lines, AuditFormat format, JsonSerializerOptions json)
    {
        var text = new StringBuilder();
        foreach (var view in lines)
        {
            if (format == AuditFormat.Csv)
                text.AppendJoin(',', Cells(view).Select(Cell)).Append("\r\n");
            else
                text.Append(JsonSerializer.Serialize(view, json)).Append('\n');
        }

        return text.ToString();
    }

    private static string?[] Cells(AuditLineView view) =>
    [
        view.Id, view.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), view.Action, view.By, Snake.Of(view.ByKind),
        view.ProjectId, view.CustomerId, view.Target, view.Detail, view.Network, view.TraceId, Snake.Of(view.Outcome),
        view.Status?.ToString(CultureInfo.InvariantCulture), view.Count?.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>A cell that a spreadsheet would calculate gets an apostrophe, which makes it text.</summary>
    private static string Cell(string? text)
    {
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..])
            text = "'" + text;
        return text?.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text ?? "";
    }
}
