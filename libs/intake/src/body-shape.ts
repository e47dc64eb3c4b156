/** Deeper than any body that a person or a service means. */
const DEEPEST = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * What is wrong with a body that should be JSON, before anything is made of it.
 * @returns a sentence that says how to mend it; null when it can be parsed without harm
 */
export function faultOfJson(body: Buffer): string | null {
  if (body.length === 0) return 'The body is empty: send JSON.';
  if (isTooDeep(body)) return `The body has more than ${DEEPEST} levels of lists and objects within each other.`;
  try {
    JSON.parse(body.toString('utf8'));
    return null;
  } catch (error) {
    return `The body is not JSON: ${(error as Error).message}`;
  }
}

/** Looks at the bytes alone: a parser would have built the whole tower before anybody could measure it. */
export function isTooDeep(body: Uint8Array, deepest: number = DEEPEST): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at]!;
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    // `[` and `{` differ in one bit, and so do their closing ones.
    else if ((byte | 0x20) === 0x7b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if ((byte | 0x20) === 0x7d) depth -= 1;
  }
  return false;
}
