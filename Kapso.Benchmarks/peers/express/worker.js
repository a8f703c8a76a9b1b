// Sends the welcomes of the outbox and settles them. Rows are claimed and settled in batches, sent over kept-alive
// connections, and the next batch is claimed while the last one is still being sent.
import { createHmac } from 'node:crypto';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const CONCURRENCY = 32;
const BATCH = 256;
const GATHER_MS = 10; // between two claims or settles, so that under load one statement is for many rows
const IDLE_POLL_MS = 1000;
const SEND_TIMEOUT_MS = 10_000;

export class Worker {
  constructor(store, url, secret) {
    this.store = store;
    this.url = new URL(url);
    this.secret = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    this.agent = new http.Agent({ keepAlive: true, maxSockets: CONCURRENCY });
    this.queue = [];
    this.sending = 0;
    this.sent = [];
    this.claiming = false;
    this.settling = false;
    this.more = true;
  }

  start() {
    setInterval(() => this.wake(), IDLE_POLL_MS);
    this.wake();
  }

  /** Something new is in the outbox. */
  wake() {
    this.more = true;
    this.#claim();
  }

  async #claim() {
    if (this.claiming) return;
    this.claiming = true;
    try {
      while (this.more && this.queue.length < BATCH / 2) {
        this.more = false;
        const rows = await this.store.claim(BATCH);
        if (rows.length === BATCH) this.more = true;
        this.queue.push(...rows);
        this.#send();
        await pause(GATHER_MS);
      }
    } catch (error) {
      console.error('claim failed', error);
    } finally {
      this.claiming = false;
    }
  }

  #send() {
    while (this.sending < CONCURRENCY && this.queue.length > 0) {
      this.sending++;
      const row = this.queue.shift();
      this.#post(row)
        .then(() => {
          this.sent.push(row.id);
          this.#settle();
        })
        .catch((error) => {
          console.error('send failed', error.message);
          return this.store.postpone(row.id);
        })
        .catch((error) => console.error('postpone failed', error))
        .finally(() => {
          this.sending--;
          this.#send();
          if (this.more && this.queue.length < BATCH / 2) this.#claim();
        });
    }
  }

  /** One settle at a time: what is sent meanwhile goes with the next. */
  async #settle() {
    if (this.settling) return;
    this.settling = true;
    try {
      while (this.sent.length > 0) {
        const ids = this.sent;
        this.sent = [];
        await this.store.settle(ids);
        await pause(GATHER_MS);
      }
    } catch (error) {
      // Not settled: the lease runs out and they are sent again with the same id.
      console.error('settle failed', error);
    } finally {
      this.settling = false;
    }
  }

  #post(row) {
    const timestamp = Math.floor(Date.now() / 1000).toString();
    const body = Buffer.from(row.payload);
    const signature = createHmac('sha256', this.secret)
      .update(`${row.webhook_id}.${timestamp}.`)
      .update(body)
      .digest('base64');
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          agent: this.agent,
          host: this.url.hostname,
          port: this.url.port,
          path: this.url.pathname,
          method: 'POST',
          timeout: SEND_TIMEOUT_MS,
          headers: {
            'content-type': 'application/json',
            'content-length': body.length,
            'webhook-id': row.webhook_id,
            'webhook-timestamp': timestamp,
            'webhook-signature': `v1,${signature}`,
          },
        },
        (response) => {
          response.resume();
          response.on('end', () =>
            response.statusCode >= 200 && response.statusCode < 300
              ? resolve()
              : reject(new Error(`status ${response.statusCode}`)));
          response.on('error', reject);
        });
      request.on('timeout', () => request.destroy(new Error('timed out')));
      request.on('error', reject);
      request.end(body);
    });
  }
}
