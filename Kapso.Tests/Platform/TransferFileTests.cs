using System.Text;
using Kapso.Engines.Transfer;

namespace Kapso.Tests.Platform;

public sealed class TransferFileTests
{
    private const string Start = """{"kind":"start","version":1,"first_start":"2026-01-02T03:04:05+00:00"}""";
    private const string End = """{"kind":"end","customers":0,"parked":0,"hints":0}""";

    [Fact]
    public void What_is_written_is_read_again()
    {
        var key = new CustomerKey("project-1", "customer-1");
        TransferItem[] items =
        [
            new TransferStart(TransferFile.Version, DateTimeOffset.UnixEpoch),
            new TransferredCustomer(Connection.Empty(key) with { Sequence = 7 }, ["111111111111111"]),
            new TransferredAudit(new AuditLine
            {
                Id = AuditLine.NewId(DateTimeOffset.UnixEpoch), Action = "link.issue", By = AuditActor.ManagementKey, ProjectId = "project-1",
                CustomerId = "customer-1", Outcome = AuditOutcome.Done, Status = 201,
            }),
            new TransferEnd(1, 0, 0) { Audit = 1 },
        ];
        using var stream = new MemoryStream();
        foreach (var item in items)
            TransferFile.Write(stream, item);

        var read = ReadAll(Encoding.UTF8.GetString(stream.ToArray()));

        Assert.Equal(items[0], read[0]);
        var customer = Assert.IsType<TransferredCustomer>(read[1]);
        Assert.Equal((key, 7), (customer.Connection.Key, customer.Connection.Sequence));
        Assert.Equal(["111111111111111"], customer.Owns);
        Assert.Equal(items[2..], read[2..]);
    }

    [Theory]
    [InlineData("", "cut off")]
    [InlineData(Start, "cut off")]
    [InlineData(End, "the start of a transfer")]
    [InlineData(Start + "\n" + Start, "a part of it")]
    [InlineData(Start + "\n" + End + "\n" + End, "after the end")]
    [InlineData(Start + "\n" + """{"kind":"end","customers":1,"parked":0,"hints":0}""", "parts of it are missing")]
    [InlineData(Start + "\n" + """{"kind":"end","customers":0,"parked":0,"hints":0,"audit":3}""", "parts of it are missing")]
    [InlineData("""{"kind":"start","version":3,"first_start":"2026-01-02T03:04:05+00:00"}""", "version 3")]
    [InlineData(Start + "\n" + """{"kind":"gossip"}""", "Line 2 cannot be read")]
    [InlineData(Start + "\n" + """{"kind":"customer","connection":{"v":99,"k":{"ProjectId":"p","CustomerId":"c"}},"owns":[]}""", "Line 2 cannot be read")]
    [InlineData(Start + "\n{\"kind\":\"cus", "Line 2 cannot be read")]
    public void What_is_not_whole_is_refused(string text, string why)
    {
        var exception = Assert.Throws<TransferException>(() => ReadAll(text));

        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
    }

    private static TransferItem[] ReadAll(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return [.. TransferFile.Read(stream)];
    }
}
