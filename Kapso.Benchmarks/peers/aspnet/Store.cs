using Npgsql;
using NpgsqlTypes;

namespace Kapso.Benchmarks.AspNetPeer;

/// <summary>A welcome to send.</summary>
internal sealed record Welcome(long Id, string WebhookId, string Payload);

/// <summary>All SQL of the peer. Durability is PostgreSQL's default: fsync and synchronous_commit are on.</summary>
internal sealed class Store : IAsyncDisposable
{
    private const string Schema = """
        create table if not exists connections (
            project_id text not null,
            customer_id text not null,
            phone_number_id text not null,
            status text not null,
            idempotency_key text,
            connected_at timestamptz not null default now(),
            primary key (project_id, customer_id, phone_number_id)
        );
        create table if not exists outbox (
            id bigint generated always as identity primary key,
            webhook_id text not null,
            payload json not null,
            attempts int not null default 0,
            due_at timestamptz not null default now(),
            settled_at timestamptz
        );
        create index if not exists outbox_due on outbox (due_at) where settled_at is null;
        """;

    /// <summary>One statement is one transaction and one round trip.</summary>
    private const string Accept = """
        with inserted as (
            insert into connections (project_id, customer_id, phone_number_id, status, idempotency_key)
            values ($1, $2, $3, 'connected', $4)
            on conflict do nothing
            returning connected_at
        )
        insert into outbox (webhook_id, payload)
        select $5, json_build_object(
            'type', 'customer.connected',
            'timestamp', connected_at,
            'data', json_build_object('project_id', $1::text, 'customer_id', $2::text, 'phone_number_id', $3::text,
                'display_phone_number', null, 'business_account_id', null, 'setup_link_id', null))
        from inserted
        """;

    private const string Claim = """
        update outbox set attempts = attempts + 1, due_at = now() + interval '30 seconds'
        where id in (
            select id from outbox where settled_at is null and due_at <= now()
            order by due_at limit $1 for update skip locked)
        returning id, webhook_id, payload::text
        """;

    private const string Settle = "update outbox set settled_at = now() where id = any($1)";

    private const string Postpone =
        "update outbox set due_at = now() + least(300, power(2, attempts)) * interval '1 second' where id = $1";

    private const string ReadPage = """
        select customer_id from connections
        where project_id = $1 and customer_id > $2 group by customer_id order by customer_id limit $3
        """;

    private const string CountUnsettled = "select count(*) from outbox where settled_at is null";

    private readonly NpgsqlDataSource source;

    private Store(NpgsqlDataSource source) => this.source = source;

    /// <summary>Opens the database and makes its tables. Statements are prepared by themselves, once for each connection.</summary>
    public static async Task<Store> OpenAsync(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 20, MaxAutoPrepare = 16 };
        var store = new Store(NpgsqlDataSource.Create(settings));
        await using var schema = store.source.CreateCommand(Schema);
        await schema.ExecuteNonQueryAsync();
        return store;
    }

    /// <summary>Makes the connection and its welcome durable together; true if it was news.</summary>
    public async Task<bool> AcceptAsync(string project, string customer, string number, string? idempotencyKey)
    {
        await using var command = source.CreateCommand(Accept);
        command.Parameters.Add(Text(project));
        command.Parameters.Add(Text(customer));
        command.Parameters.Add(Text(number));
        command.Parameters.Add(Text(idempotencyKey));
        command.Parameters.Add(Text($"welcome_{project}_{customer}_{number}"));
        return await command.ExecuteNonQueryAsync() == 1;
    }

    /// <summary>Leases what is due, so many at most.</summary>
    public async Task<IReadOnlyList<Welcome>> ClaimAsync(int limit, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Claim);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var welcomes = new List<Welcome>();
        while (await reader.ReadAsync(cancellation))
        {
            welcomes.Add(new Welcome(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
        }

        return welcomes;
    }

    /// <summary>Marks welcomes as sent.</summary>
    public async Task SettleAsync(long[] ids, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Settle);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = ids });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Puts a welcome off that could not be sent.</summary>
    public async Task PostponeAsync(long id, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Postpone);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The customers of a project that come after one of them.</summary>
    public async Task<IReadOnlyList<string>> ReadPageAsync(string project, string after, int limit)
    {
        await using var command = source.CreateCommand(ReadPage);
        command.Parameters.Add(Text(project));
        command.Parameters.Add(Text(after));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync();
        var customers = new List<string>();
        while (await reader.ReadAsync())
        {
            customers.Add(reader.GetString(0));
        }

        return customers;
    }

    public async Task<long> CountUnsettledAsync()
    {
        await using var command = source.CreateCommand(CountUnsettled);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static NpgsqlParameter Text(string? value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };
}
