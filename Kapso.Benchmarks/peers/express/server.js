// A careful receiver of Kapso webhooks, as a good engineer writes it with Express and PostgreSQL: raw body, signature
// in constant time, one transaction for the connection and its outbox row, 200 only after the commit. One process.
import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';
import { Store } from './store.js';
import { Worker } from './worker.js';

const { PORT, DATABASE_URL, WEBHOOK_SECRET, PROJECT_ID, WELCOME_URL, WELCOME_SECRET } = process.env;
const CREATED = 'whatsapp.phone_number.created';

const store = new Store(DATABASE_URL);
await store.open();

const worker = WELCOME_URL ? new Worker(store, WELCOME_URL, WELCOME_SECRET) : null;
worker?.start();

function authentic(body, header) {
  const given = Buffer.from(header ?? '', 'hex');
  const expected = createHmac('sha256', WEBHOOK_SECRET).update(body).digest();
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function isId(value) {
  return typeof value === 'string' && value.length > 0 && value.length <= 128;
}

const app = express();
app.disable('x-powered-by');
app.disable('etag');

app.post('/webhooks/project/:project', express.raw({ type: () => true, limit: '1mb' }), async (request, response) => {
  if (request.params.project !== PROJECT_ID) return response.status(404).end();
  if (!Buffer.isBuffer(request.body) || !authentic(request.body, request.get('x-webhook-signature'))) {
    return response.status(401).end();
  }

  let body;
  try {
    body = JSON.parse(request.body);
  } catch {
    return response.status(200).end();
  }

  const known = request.get('x-webhook-event') === CREATED
    && isId(body?.phone_number_id) && isId(body?.customer?.id) && body?.project?.id === PROJECT_ID;
  if (known) {
    const news = await store.accept(
      PROJECT_ID, body.customer.id, body.phone_number_id, request.get('x-idempotency-key') ?? null);
    if (news) worker?.wake();
  }

  response.status(200).end();
});

// For the benchmark: what is stored, and what is not settled.
app.get('/api/projects/:project/connections', async (request, response) => {
  const limit = Math.min(Number(request.query.limit) || 1000, 1000);
  const rows = await store.page(request.params.project, request.query.cursor ?? '', limit);
  response.json({
    items: rows.map((row) => ({ customer_id: row.customer_id })),
    next_cursor: rows.length === limit ? rows.at(-1).customer_id : null,
  });
});
app.get('/outbox', async (request, response) => response.json({ unsettled: await store.unsettled() }));
app.get('/alive', (request, response) => response.status(200).end());

app.use((error, request, response, next) => {
  if (response.headersSent) return next(error);
  const status = error.status ?? 503;
  if (status >= 500) console.error(error);
  response.status(status).end();
});

app.listen(Number(PORT), '127.0.0.1');
