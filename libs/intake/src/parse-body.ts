import { faultOfJson } from './body-shape';

/** What a body holds, or why it cannot be read. */
export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

export const FORM_TYPES = /^(?:multipart\/form-data|application\/x-www-form-urlencoded)\b/i;

/**
 * A body as JSON; of a form, which Uptime Kuma and GitHub can send, the JSON in the given field of it. Looks at its shape
 * first, since nobody did for a form, nor for what is signed.
 */
export async function parseBody(contentType: string | undefined, body: Buffer, field: string): Promise<Parsed> {
  const text = FORM_TYPES.test(contentType ?? '') ? await fieldOf(contentType!, body, field) : body.toString('utf8');
  if (text === null) return { ok: false, reason: `${field}: the form has no such field` };
  const json = text.replace(/^\uFEFF/, '');
  const fault = faultOfJson(Buffer.from(json));
  return fault === null ? { ok: true, value: JSON.parse(json) as unknown } : { ok: false, reason: fault };
}

async function fieldOf(contentType: string, body: Buffer, field: string): Promise<string | null> {
  try {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    const text = form.get(field);
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}
