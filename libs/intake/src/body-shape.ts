import { scanJson, TOO_DEEP } from './json-scan';

/** Deeper than any body that a person or a service means. */
const DEEPEST = 64;

/**
 * What is wrong with a body that should be JSON, before anything is made of it.
 * @returns a sentence that says how to mend it; null when it can be parsed without harm
 */
export function faultOfJson(body: Buffer): string | null {
  if (body.length === 0) return 'The body is empty: send JSON.';
  const end = scanJson(body, DEEPEST);
  if (end >= 0) return null;
  if (end === TOO_DEEP) return `The body has more than ${DEEPEST} levels of lists and objects within each other.`;
  try {
    JSON.parse(body.toString('utf8'));
    return null;
  } catch (error) {
    return `The body is not JSON: ${(error as Error).message}`;
  }
}
