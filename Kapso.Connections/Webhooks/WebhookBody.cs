using System.Text;
using System.Text.Json;

namespace Kapso.Connections.Webhooks;

/// <summary>
/// One pass over a body: takes the members out of any of the four shapes, without saying what they mean. Where two
/// readers of the same JSON could take different values (a member twice, a number in an envelope and beside it), it says so
/// instead of choosing.
/// </summary>
internal ref partial struct WebhookBody
{
    /// <summary>Levels of nesting that are accepted.</summary>
    public const int MaxDepth = 64;

    /// <summary>Characters of a display number that are kept; a longer one is left out.</summary>
    private const int MaxDisplayNumber = 64;

    /// <summary>The body itself; of a batch, what surrounds the items.</summary>
    public WebhookItem Whole;

    /// <summary>The items of a batch, at most <see cref="WebhookReader.MaxBatch"/>; null where the body is none.</summary>
    public List<WebhookItem>? Items;

    /// <summary>How many items the batch has, also those that were not read.</summary>
    public int ItemCount;

    /// <summary>The batch's <c>type</c>: the name of its event.</summary>
    public string? Type;

    /// <summary>A member that one object has twice.</summary>
    public BodyMember Repeated;

    private readonly string _projectId;
    private readonly WebhookHeaders _headers;
    private Utf8JsonReader _reader;

    public WebhookBody(ReadOnlySpan<byte> json, string projectId, in WebhookHeaders headers)
    {
        _projectId = projectId;
        _headers = headers;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>Reads all of it.</summary>
    /// <exception cref="JsonException">Not JSON, nested too deeply, or followed by something.</exception>
    /// <exception cref="InvalidOperationException">The name of a member holds an unpaired surrogate.</exception>
    public void Read()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.StartObject)
            ReadObject(ref Whole, BodyMember.OfBody);
        else if (_reader.TokenType == JsonTokenType.StartArray && _headers.Batch)
            ReadItems();
        else
            Trouble(ref Whole, "The body is not a JSON object.");

        // Reads the end of the document: throws where something follows.
        _reader.Read();
    }

    private void ReadObject(ref WebhookItem item, BodyMember read)
    {
        var seen = BodyMember.None;
        while (Next(read, ref seen) is var member && member != BodyMember.None)
        {
            if ((member & BodyMember.Subject & item.Subject) != 0)
                item.Trouble ??= $"The body has {BodyMembers.Name(member)} both in data and beside it.";
            item.Subject |= member & BodyMember.Subject;

            var inData = read == BodyMember.OfData;
            switch (member)
            {
                case BodyMember.Event when inData:
                    item.DataEvent = ReadEvent(ref item);
                    break;
                case BodyMember.Event:
                    item.Event = ReadEvent(ref item);
                    break;
                case BodyMember.Type:
                    Type = ReadText(BoundedId.MaxLength);
                    break;
                case BodyMember.Data:
                    ReadData(ref item, read);
                    break;
                case BodyMember.Test:
                    item.Test = _reader.TokenType == JsonTokenType.True;
                    _reader.Skip();
                    break;
                case BodyMember.Project:
                    ReadProject(ref item);
                    break;
                case BodyMember.Customer:
                    ReadCustomer(ref item);
                    break;
                case BodyMember.SetupLink:
                    item.SetupLinkId = ReadSetupLink(ref item);
                    break;
                case BodyMember.OccurredAt:
                    var occurredAt = OccurredAt.Parse(ReadText(OccurredAt.MaxLength));
                    item.OccurredAt = inData ? occurredAt : item.OccurredAt ?? occurredAt;
                    break;
                case BodyMember.PhoneNumberId:
                    ReadPhoneNumberId(ref item);
                    break;
                case BodyMember.WhatsappConfig:
                    ReadConfig(ref item);
                    break;
                case BodyMember.DisplayPhoneNumber:
                    item.DisplayPhoneNumber = PlainName.Of(ReadDetail(MaxDisplayNumber)) ?? item.DisplayPhoneNumber;
                    break;
                default:
                    ReadCircumstance(ref item, member);
                    break;
            }
        }
    }

    private void ReadData(ref WebhookItem item, BodyMember read)
    {
        if (_reader.TokenType == JsonTokenType.StartObject)
            ReadObject(ref item, BodyMember.OfData);
        else if (_reader.TokenType != JsonTokenType.StartArray)
            _reader.Skip();
        else if (read == BodyMember.OfBody)
            ReadItems();
        else
            Trouble(ref item, "An item of the batch is a batch.");
    }

    private void ReadItems()
    {
        Items = [];
        ItemCount = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (++ItemCount > WebhookReader.MaxBatch)
            {
                _reader.Skip();
                continue;
            }

            var item = new WebhookItem();
            if (_reader.TokenType == JsonTokenType.StartObject)
                ReadObject(ref item, BodyMember.OfItem);
            else
                Trouble(ref item, "An item of the batch is not a JSON object.");
            Items.Add(item);
        }
    }

    private string? ReadEvent(ref WebhookItem item)
    {
        if (_reader.TokenType == JsonTokenType.Null)
            return null;
        if (_reader.TokenType == JsonTokenType.String && _headers.Event is { } header && _reader.ValueTextEquals(header))
            return header;
        var name = ReadText(BoundedId.MaxLength);
        if (!BoundedId.IsValid(name))
            item.Trouble ??= "The body's event is not a name of 1 to 128 characters.";
        return name;
    }

    private void ReadProject(ref WebhookItem item)
    {
        if (!Enter(ref item, "project"))
            return;
        var seen = BodyMember.None;
        while (Next(BodyMember.Id, ref seen) != BodyMember.None)
        {
            if (_reader.TokenType == JsonTokenType.Null
                || _reader.TokenType == JsonTokenType.String && _reader.ValueTextEquals(_projectId))
                continue;
            var id = ReadText(BoundedId.MaxLength);
            if (BoundedId.IsValid(id))
                item.OtherProjectId = id;
            else
                item.Trouble ??= "project.id is not an id of 1 to 128 characters.";
        }
    }

    /// <summary>The link's id; null where it is missing, null or none.</summary>
    private string? ReadSetupLink(ref WebhookItem item)
    {
        if (!Enter(ref item, "setup_link"))
            return null;
        string? id = null;
        var seen = BodyMember.None;
        while (Next(BodyMember.Id, ref seen) != BodyMember.None)
            id = ReadDetail(BoundedId.MaxLength);
        return id;
    }

    /// <summary>The customer's id, and what the customer is called, of which what cannot be used is left out.</summary>
    private void ReadCustomer(ref WebhookItem item)
    {
        if (!Enter(ref item, "customer"))
            return;
        var seen = BodyMember.None;
        while (Next(BodyMember.OfCustomer, ref seen) is var member && member != BodyMember.None)
        {
            switch (member)
            {
                case BodyMember.Id when _reader.TokenType != JsonTokenType.Null:
                    item.CustomerId = ReadText(BoundedId.MaxLength);
                    if (BoundedId.IsValid(item.CustomerId))
                        break;
                    item.CustomerId = null;
                    item.Trouble ??= "customer.id is not an id of 1 to 128 characters.";
                    break;
                case BodyMember.ExternalId:
                    item.OwnId = ReadTextOrDigits() ?? item.OwnId;
                    break;
                case BodyMember.ExternalCustomerId:
                    item.OwnId ??= ReadTextOrDigits();
                    break;
                case BodyMember.Name:
                    item.CustomerName = ReadWords(PlainName.MaxLength);
                    break;
            }
        }
    }

    private void ReadConfig(ref WebhookItem item)
    {
        if (!Enter(ref item, "whatsapp_config"))
            return;
        var seen = BodyMember.None;
        while (Next(BodyMember.OfConfig, ref seen) is var member && member != BodyMember.None)
        {
            switch (member)
            {
                case BodyMember.PhoneNumberId:
                    ReadPhoneNumberId(ref item);
                    break;
                case BodyMember.BusinessAccountId:
                    item.BusinessAccountId = ReadDetail(BoundedId.MaxLength) ?? item.BusinessAccountId;
                    break;
                case BodyMember.DisplayPhoneNumber:
                    item.DisplayPhoneNumber = PlainName.Of(ReadDetail(MaxDisplayNumber)) ?? item.DisplayPhoneNumber;
                    break;
            }
        }
    }

    /// <summary>Meta's id: a string, or an integer whose digits are taken as they stand, so that none is lost.</summary>
    private void ReadPhoneNumberId(ref WebhookItem item)
    {
        if (_reader.TokenType == JsonTokenType.Null)
            return;
        var id = ReadTextOrDigits();
        if (!BoundedId.IsValid(id))
            item.Trouble ??= "phone_number_id is neither an id of 1 to 128 characters nor a whole number.";
        else if (item.PhoneNumberId is not null && item.PhoneNumberId != id)
            item.Trouble ??= "The body has two different values of phone_number_id.";
        else
            item.PhoneNumberId = id;
    }

    /// <summary>An id: a string, or an integer whose digits are taken as they stand.</summary>
    private string? ReadTextOrDigits() =>
        _reader.TokenType == JsonTokenType.Number
        && _reader.ValueSpan.Length <= BoundedId.MaxLength
        && !_reader.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            ? Encoding.ASCII.GetString(_reader.ValueSpan)
            : ReadText(BoundedId.MaxLength);

    private string? ReadDetail(int maxLength)
    {
        var detail = ReadText(maxLength);
        return BoundedId.IsValid(detail) ? detail : null;
    }

    /// <summary>The string at the reader's position; null where it is none, longer, or holds half a character. Leaves the reader at the value's end.</summary>
    private string? ReadText(int maxLength)
    {
        // At most six bytes of JSON a character: what is longer is not even decoded.
        if (_reader.TokenType != JsonTokenType.String || _reader.ValueSpan.Length > maxLength * 6)
        {
            _reader.Skip();
            return null;
        }

        try
        {
            return _reader.GetString() is { } text && text.Length <= maxLength ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether the value is an object to go into. Null is as good as missing; anything else is trouble.</summary>
    private bool Enter(ref WebhookItem item, string name)
    {
        if (_reader.TokenType == JsonTokenType.StartObject)
            return true;
        if (_reader.TokenType != JsonTokenType.Null)
            Trouble(ref item, $"{name} is not a JSON object.");
        return false;
    }

    /// <summary>Goes on to the value of the next member that is read; <see cref="BodyMember.None"/> at the object's end.</summary>
    private BodyMember Next(BodyMember read, ref BodyMember seen)
    {
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var member = BodyMembers.Of(ref _reader) & read;
            _reader.Read();
            if (member == BodyMember.None)
            {
                _reader.Skip();
                continue;
            }

            if ((seen & member) != 0 && Repeated == BodyMember.None)
                Repeated = member;
            seen |= member;
            return member;
        }

        return BodyMember.None;
    }

    private void Trouble(ref WebhookItem item, string trouble)
    {
        item.Trouble ??= trouble;
        _reader.Skip();
    }
}
