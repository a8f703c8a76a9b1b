// Says whether the reference verifier takes a request: node verify.js <secret> <file of {headers, body in base64}>
import { readFileSync } from 'node:fs';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const [secret, file] = process.argv.slice(2);
const { headers, body } = JSON.parse(readFileSync(file, 'utf8'));
try {
  new Webhook(secret).verify(Buffer.from(body, 'base64'), headers);
  console.log('accepted');
} catch (error) {
  if (!(error instanceof WebhookVerificationError)) throw error;
  console.log('refused');
}
