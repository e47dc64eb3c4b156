import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const RANDOM_BYTES = 24;

/** What is signed: the id and the text are those of the message, the instant is that of the attempt. */
export interface Signed {
  readonly id: string;
  readonly at: Date;
  readonly body: string;
}

/**
 * A new signing secret of Standard Webhooks: `whsec_` and the base64 of 32 bytes with 192 bits of chance. The bytes are
 * letters and digits, since tools such as n8n and Automatisch take a key as text only.
 */
export function newSecret(): string {
  const text = randomBytes(RANDOM_BYTES).toString('base64url');
  return PREFIX + Buffer.from(text).toString('base64');
}

/**
 * The headers of Standard Webhooks (https://www.standardwebhooks.com).
 * @param secrets each of them signs, so that a receiver may know the old or the new one while they change
 */
export function signedHeaders({ id, at, body }: Signed, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = (secret: string): string =>
    createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${signature(secret)}`).join(' '),
  };
}

/** The same at each attempt, and of one subscription and event alone. Without a dot, which parts what is signed. */
export function messageId(eventId: string, subscriptionId: string): string {
  return `${eventId}_${subscriptionId}`;
}
