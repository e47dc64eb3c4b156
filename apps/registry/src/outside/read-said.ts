import { unstorableIn } from '@recert/bus';
import { outsideReviewBody, outsideSubject, outsideTaskBody, saidOutside } from '@recert/contracts';
import { faultOfJson } from '@recert/intake';
import { z } from 'zod';

/** What an outside system may send at once. */
export const MOST_BYTES = 256 * 1024;

/** What an outside system says. */
export type Said =
  | { readonly kind: 'fact'; readonly subject: string; readonly data: Record<string, z.core.util.JSONType> }
  | { readonly kind: 'review'; readonly review: z.output<typeof outsideReviewBody> }
  | { readonly kind: 'task'; readonly report: z.output<typeof outsideTaskBody> };

export type ReadSaid =
  | { readonly ok: true; readonly said: Said }
  | { readonly ok: false; readonly status: 400 | 413 | 422; readonly detail: string };

const anyObject = z.record(z.string(), z.json());

/** @returns null when it may be said, else the sentence that names what may be */
export function faultOfSubject(subject: string): string | null {
  if (saidOutside.safeParse(subject).success) return null;
  return `"${subject}" cannot be said from outside; possible are outside.<a word of your own of a-z, 0-9 and dashes>, review.requested and task.reported`;
}

/** Understands a body at the hook of a subject that may be said. */
export function readSaid(subject: string, body: Buffer): ReadSaid {
  if (body.length > MOST_BYTES) {
    return { ok: false, status: 413, detail: `The body has more than ${MOST_BYTES} bytes: send less at once.` };
  }
  const broken = faultOfJson(body);
  if (broken !== null) return { ok: false, status: 400, detail: broken };
  const text = body.toString('utf8');
  const value: unknown = JSON.parse(text);
  const unstorable = unstorableIn(value, text);
  if (unstorable !== null) return { ok: false, status: 422, detail: unstorable };
  if (subject === 'review.requested') return read(outsideReviewBody, value, (review) => ({ kind: 'review', review }));
  if (subject === 'task.reported') return read(outsideTaskBody, value, (report) => ({ kind: 'task', report }));
  return read(anyObject, value, (data) => ({ kind: 'fact', subject: outsideSubject.parse(subject), data }));
}

function read<S extends z.ZodType>(schema: S, value: unknown, say: (data: z.output<S>) => Said): ReadSaid {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, said: say(result.data) };
  const issues = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
  return { ok: false, status: 422, detail: issues.slice(0, 5).join('; ') };
}
