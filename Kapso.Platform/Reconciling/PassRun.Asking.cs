using System.Globalization;
using Kapso.Connections.Reconciling;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Numbers;

namespace Kapso.Platform.Reconciling;

/// <summary>Asks for what the list lacked: only a targeted question proves absence. The answers count together or not at all.</summary>
internal sealed partial class PassRun
{
    private const int FewGone = 5;
    private const int ShareGone = 10;

    private async Task<ReconciliationPass> AskAsync(ReconciliationPass pass, CancellationToken cancellationToken)
    {
        // A person's word raises the limit of this pass, to what the alarm spoke of: more than that is news again.
        var limit = Math.Max(Math.Max(FewGone, pass.Connected / ShareGone), pass.GoneAccepted?.Numbers ?? 0);
        while (!pass.Missing.IsEmpty && pass.Absent.Length <= limit)
        {
            var missing = pass.Missing[0];
            var (asked, absent) = await AskAsync(missing, cancellationToken);
            pass = await record.AdvanceAsync(
                known => known with
                {
                    Missing = known.Missing.Remove(missing),
                    Absent = absent is null ? known.Absent : known.Absent.Add(absent),
                    Counts = known.Counts with { Asked = known.Counts.Asked + (asked ? 1 : 0) },
                },
                cancellationToken);
        }

        var many = pass.Absent.Length > limit;
        var found = new Dictionary<ReconciliationAlarmKind, string>();
        if (many)
        {
            found[ReconciliationAlarmKind.ManyGone] = string.Create(
                CultureInfo.InvariantCulture,
                $"The platform says of {pass.Absent.Length} numbers that they are not there ({Causes(pass.Absent)}), which is more than {limit} of {pass.Connected}: none was marked gone. Check the project's ApiKey and the platform, then reconcile again; if they are really gone, accept it.");
        }

        tell(await record.AlarmAsync([ReconciliationAlarmKind.ManyGone], found, cancellationToken, pass.Counts.Missing));
        return await record.AdvanceAsync(
            known => known with
            {
                Step = many ? ReconciliationStep.Links : ReconciliationStep.Tell,
                Missing = [],
                Absent = many ? [] : known.Absent,
            },
            cancellationToken);
    }

    /// <summary>How many are not there for which cause.</summary>
    private static string Causes(IEnumerable<MissingNumber> absent) => string.Join(", ", absent
        .GroupBy(one => one.Finding)
        .OrderBy(group => group.Key)
        .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {WordsOf(group.Key)}")));

    private static string WordsOf(RowFinding? finding) => finding switch
    {
        RowFinding.NotListed => "not listed",
        RowFinding.AnotherCustomers => "listed as another customer's",
        RowFinding.Disconnected => "listed as disconnected",
        _ => "for a cause that was not kept",
    };

    /// <summary>Asks for one number; says whether it was asked for, and returns it where it is not there.</summary>
    private async Task<(bool Asked, MissingNumber? Absent)> AskAsync(MissingNumber missing, CancellationToken cancellationToken)
    {
        // The list that named it may be behind: what counts is the connection.
        var key = new CustomerKey(record.ProjectId, missing.CustomerId);
        var connection = await engine.FindAsync(key, cancellationToken);
        if (connection?.FindNumber(missing.PhoneNumberId) is not { Status: NumberStatus.Connected } number)
            return (false, null);

        var answer = await CallAsync(
            stop => client.ListNumbersAsync(
                missing.CustomerId, missing.PhoneNumberId, page: null, CallPurpose.Reconciliation, stop),
            cancellationToken);
        if (!NumberAnswers.TryRead(answer, missing.PhoneNumberId, out var row))
            return (true, null);

        var said = Read(row, missing.PhoneNumberId, missing.CustomerId, time.GetUtcNow()) with { ProofVersion = number.ProofVersion };
        if (said.Kind == ObservationKind.ApiAbsent)
            return (true, missing with { ProofVersion = number.ProofVersion, AnsweredAt = said.ReceivedAt, Finding = said.Finding });
        await ObserveAsync(key, said, cancellationToken);
        return (true, null);
    }

    private async Task<ReconciliationPass> TellAsync(ReconciliationPass pass, CancellationToken cancellationToken)
    {
        foreach (var absent in pass.Absent)
        {
            if (pass.GoneAccepted is { } accepted)
                await NoteAsync(absent, accepted, cancellationToken);
            var said = Read(null, absent.PhoneNumberId, absent.CustomerId, absent.AnsweredAt ?? pass.StartedAt);
            await ObserveAsync(
                new CustomerKey(record.ProjectId, absent.CustomerId),
                said with
                {
                    ProofVersion = absent.ProofVersion,
                    Finding = absent.Finding,
                    PlatformStatus = absent.Finding == RowFinding.Disconnected ? PlatformNumber.Disconnected : null,
                },
                cancellationToken);
        }

        return await record.AdvanceAsync(
            known => known with
            {
                Step = ReconciliationStep.Links,
                Absent = [],
                Counts = known.Counts with { Gone = pass.Absent.Length },
            },
            cancellationToken);
    }

    private Task NoteAsync(MissingNumber absent, GoneAcceptance accepted, CancellationToken cancellationToken) => engine.NoteAsync(
        new CustomerKey(record.ProjectId, absent.CustomerId),
        new TimelineEntry
        {
            At = accepted.At,
            Source = Source.Operator,
            Event = "reconcile.gone_accepted",
            Outcome = Outcome.Applied,
            PhoneNumberId = absent.PhoneNumberId,
            Detail = "It is among many numbers that are missing at once; that they are gone was accepted.",
            By = accepted.By,
        },
        cancellationToken);
}
