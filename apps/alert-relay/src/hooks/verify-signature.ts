import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether one of the secrets made this signature of these bytes. It takes the same time whatever is wrong.
 * @param signature HMAC-SHA256 in hex, as `Sentry-Hook-Signature` has it; anything else is just wrong
 */
export function isSigned(body: Buffer, signature: unknown, secrets: readonly string[]): boolean {
  const given = digestOf(typeof signature === 'string' ? signature.toLowerCase() : '');
  let matches = 0;
  for (const secret of secrets) {
    const expected = digestOf(createHmac('sha256', secret).update(body).digest('hex'));
    matches += Number(timingSafeEqual(given, expected));
  }
  return matches > 0;
}

/** Digests are of one length, as the comparison wants it. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
