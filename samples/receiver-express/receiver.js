import express from 'express';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { Inbox } from './inbox.js';

// The receiver's secret, whsec_ and base64; several, while one takes another's place, are separated by blanks.
const secrets = (process.env.RECEIVER_SECRETS ?? '').split(' ').filter(Boolean);
if (secrets.length === 0) throw new Error('Set RECEIVER_SECRETS to the secret of the receiver.');
const webhooks = secrets.map(secret => new Webhook(secret));
const inbox = new Inbox(process.env.RECEIVER_STORE ?? 'receiver.jsonl');

const app = express();

// The signature is over the bytes as they came: nothing may parse them before it is checked.
app.post('/kapso', express.raw({ type: () => true, limit: '256kb' }), (request, response) => {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (!webhooks.some(webhook => isSigned(webhook, request.headers, body))) return response.sendStatus(401);

  const message = JSON.parse(body.toString('utf8'));
  const isNew = inbox.take(request.get('webhook-id'), message);
  console.log(`${isNew ? 'Handled' : 'Repeated:'} ${message.type} of customer ${message.data.customer_id}`);
  response.sendStatus(204);
});

/** Whether one of the request's signatures is made with this secret, and its timestamp at most five minutes away. */
function isSigned(webhook, headers, body) {
  try {
    webhook.verify(body, headers);
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

const server = app.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', error => {
  if (error) throw error;
  console.log(`Now listening on: http://127.0.0.1:${server.address().port}`);
});
