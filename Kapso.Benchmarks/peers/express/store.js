// All SQL of the peer. Durability is PostgreSQL's default: fsync and synchronous_commit are on.
import pg from 'pg';

const LEASE_SECONDS = 30;

const schema = `
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
`;

// One statement is one transaction and one round trip. Named: parsed and planned once per connection.
const accept = {
  name: 'accept',
  text: `
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
    from inserted`,
};

const claim = {
  name: 'claim',
  text: `
    update outbox set attempts = attempts + 1, due_at = now() + interval '${LEASE_SECONDS} seconds'
    where id in (
      select id from outbox where settled_at is null and due_at <= now()
      order by due_at limit $1 for update skip locked)
    returning id, webhook_id, payload::text as payload, attempts`,
};

const settle = { name: 'settle', text: 'update outbox set settled_at = now() where id = any($1::bigint[])' };

const postpone = {
  name: 'postpone',
  text: `update outbox set due_at = now() + least(300, power(2, attempts)) * interval '1 second' where id = $1`,
};

const page = {
  name: 'page',
  text: `
    select customer_id from connections
    where project_id = $1 and customer_id > $2 group by customer_id order by customer_id limit $3`,
};

export class Store {
  constructor(connectionString) {
    this.pool = new pg.Pool({ connectionString, max: 20 });
  }

  async open() {
    await this.pool.query(schema);
  }

  /** Makes the connection and its welcome durable together; true if it was news. */
  async accept(projectId, customerId, phoneNumberId, idempotencyKey) {
    const webhookId = `welcome_${projectId}_${customerId}_${phoneNumberId}`;
    const result = await this.pool.query({
      ...accept,
      values: [projectId, customerId, phoneNumberId, idempotencyKey, webhookId],
    });
    return result.rowCount === 1;
  }

  async claim(limit) {
    return (await this.pool.query({ ...claim, values: [limit] })).rows;
  }

  async settle(ids) {
    await this.pool.query({ ...settle, values: [ids] });
  }

  async postpone(id) {
    await this.pool.query({ ...postpone, values: [id] });
  }

  async page(projectId, after, limit) {
    return (await this.pool.query({ ...page, values: [projectId, after, limit] })).rows;
  }

  async unsettled() {
    return (await this.pool.query('select count(*)::int as count from outbox where settled_at is null')).rows[0].count;
  }
}
