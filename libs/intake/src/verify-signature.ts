import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

const BYTES = 32;

/**
 * Whether one of the keys made this signature of these bytes. Of a signature of the right length it takes the same
 * time whatever is wrong.
 * @param signature HMAC-SHA256 in hex, as `Sentry-Hook-Signature` has it, and `X-Hub-Signature-256` behind `sha256=`; anything else is just wrong
 */
export function isSigned(body: Buffer, signature: unknown, keys: readonly KeyObject[]): boolean {
  if (typeof signature !== 'string' || signature.length !== 2 * BYTES) return false;
  const given = Buffer.from(signature, 'hex');
  // Letters that are no hex end the reading.
  if (given.length !== BYTES) return false;
  let matches = 0;
  for (const key of keys) {
    matches += Number(timingSafeEqual(given, createHmac('sha256', key).update(body).digest()));
  }
  return matches > 0;
}
