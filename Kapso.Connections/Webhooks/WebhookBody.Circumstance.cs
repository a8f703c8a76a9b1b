using System.Text;
using System.Text.Json;

namespace Kapso.Connections.Webhooks;

/// <content>
/// What a body says beside the number: why it was disconnected and how it is connected; of an account, which numbers it has and
/// what is held against it. None of it is documented in full: what is not understood is left out, a text is kept in plain words, and
/// only numbers that cannot be read are trouble.
/// </content>
internal ref partial struct WebhookBody
{
    /// <summary>Numbers of one event of an account that are read; one more says that there are too many.</summary>
    private const int MaxNamedNumbers = WebhookReader.MaxBatch + 1;

    /// <summary>Bytes of JSON of the longest text that is looked at, before it is cut.</summary>
    private const int MaxRawText = 65_536;

    private void ReadCircumstance(ref WebhookItem item, BodyMember member)
    {
        switch (member)
        {
            case BodyMember.Id:
                item.EventId = ReadDetail(BoundedId.MaxLength) ?? item.EventId;
                break;
            case BodyMember.BusinessAccountId:
                item.BusinessAccountId = ReadDetail(BoundedId.MaxLength) ?? item.BusinessAccountId;
                break;
            case BodyMember.ConnectionType:
                item.ConnectionType = ReadWords(Disconnection.MaxText) ?? item.ConnectionType;
                break;
            case BodyMember.Disconnection:
                ReadDisconnection(ref item);
                break;
            case BodyMember.Source:
                ReadSource(ref item);
                break;
            case BodyMember.PhoneNumbers:
                ReadNamedNumbers(ref item);
                break;
            case BodyMember.Restrictions:
                ReadRestrictions(ref item);
                break;
            case BodyMember.Violation:
                item.Violation = ReadNotice(AccountNoticeKind.Violation);
                break;
            case BodyMember.Ban:
                item.Ban = ReadNotice(AccountNoticeKind.Disabled);
                break;
        }
    }

    private void ReadDisconnection(ref WebhookItem item)
    {
        var said = item.Disconnection ?? new Disconnection();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            item.Disconnection = ReadWords(Disconnection.MaxText) is { } text ? said with { Reason = text } : item.Disconnection;
            return;
        }

        var seen = BodyMember.None;
        while (Next(BodyMember.OfDisconnection, ref seen) is var member && member != BodyMember.None)
        {
            var text = ReadWords(Disconnection.MaxText);
            said = member switch
            {
                BodyMember.Reason => said with { Reason = text },
                BodyMember.InitiatedBy => said with { InitiatedBy = text },
                _ => said,
            };
        }

        item.Disconnection = said;
    }

    /// <summary>The platform's own name of what happened: all that an event tells which has no reason.</summary>
    private void ReadSource(ref WebhookItem item)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
            return;
        }

        var seen = BodyMember.None;
        while (Next(BodyMember.Event, ref seen) != BodyMember.None)
        {
            if (ReadWords(Disconnection.MaxText) is { } name)
                item.Disconnection = (item.Disconnection ?? new Disconnection()) with { SourceEvent = name };
        }
    }

    /// <summary>An array of objects with <c>id</c>, or of ids.</summary>
    private void ReadNamedNumbers(ref WebhookItem item)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            if (_reader.TokenType != JsonTokenType.Null)
                Trouble(ref item, "phone_numbers is not an array.");
            return;
        }

        var numbers = item.PhoneNumbers ?? [];
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            var named = new WebhookItem();
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                var seen = BodyMember.None;
                string? id = null;
                while (Next(BodyMember.OfNamedNumber, ref seen) is var member && member != BodyMember.None)
                {
                    var entry = new WebhookItem();
                    ReadPhoneNumberId(ref entry);
                    named.Trouble ??= entry.Trouble;
                    id = member == BodyMember.PhoneNumberId ? entry.PhoneNumberId ?? id : id ?? entry.PhoneNumberId;
                }

                named.PhoneNumberId = id;
            }
            else
                ReadPhoneNumberId(ref named);

            if (named.Trouble is not null || named.PhoneNumberId is null)
                item.Trouble ??= "An item of phone_numbers has no id of 1 to 128 characters.";
            else if (numbers.Count < MaxNamedNumbers && !numbers.Contains(named.PhoneNumberId))
                numbers.Add(named.PhoneNumberId);
        }

        item.PhoneNumbers = numbers;
    }

    /// <summary>An array of restrictions, or one.</summary>
    private void ReadRestrictions(ref WebhookItem item)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            if (ReadNotice(AccountNoticeKind.Restricted) is { } only)
                item.Restrictions = [only];
            return;
        }

        var restrictions = new List<AccountNotice>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (ReadNotice(AccountNoticeKind.Restricted) is { } restriction && restrictions.Count < AccountAttention.MaxOfKind)
                restrictions.Add(restriction);
        }

        item.Restrictions = restrictions;
    }

    /// <summary>An object, or its type alone; null for anything else.</summary>
    private AccountNotice? ReadNotice(AccountNoticeKind kind)
    {
        var notice = new AccountNotice { Kind = kind };
        if (_reader.TokenType != JsonTokenType.StartObject)
            return ReadWords(AccountNotice.MaxText) is { } type ? notice with { Type = type } : null;

        var seen = BodyMember.None;
        while (Next(BodyMember.OfNotice, ref seen) is var member && member != BodyMember.None)
        {
            notice = member switch
            {
                BodyMember.Type or BodyMember.State => notice with { Type = ReadWords(AccountNotice.MaxText) ?? notice.Type },
                BodyMember.ExpiresAt => notice with { Until = OccurredAt.Parse(ReadText(OccurredAt.MaxLength)) },
                _ => notice with { Detail = ReadWords(AccountNotice.MaxText) ?? notice.Detail },
            };
        }

        return notice;
    }

    /// <summary>A text for people: plain, in one line, cut where it is longer, without halves of characters; null where it is none.</summary>
    private string? ReadWords(int maxLength)
    {
        if (_reader.TokenType != JsonTokenType.String || _reader.ValueSpan.Length > MaxRawText)
        {
            _reader.Skip();
            return null;
        }

        try
        {
            return PlainName.Of(_reader.GetString(), maxLength);
        }
        catch (InvalidOperationException)
        {
            return PlainName.Of(JsonText.WithoutHalves($"\"{Encoding.UTF8.GetString(_reader.ValueSpan)}\""), maxLength);
        }
    }
}
