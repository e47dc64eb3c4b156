/** What a body holds, or why it cannot be read. */
export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

export const FORM_TYPES = /^(?:multipart\/form-data|application\/x-www-form-urlencoded)\b/i;

/** A body as JSON; of a form, which Uptime Kuma can send, the JSON in its field `data`. */
export async function parseBody(contentType: string | undefined, body: Buffer): Promise<Parsed> {
  const text = FORM_TYPES.test(contentType ?? '') ? await dataField(contentType!, body) : body.toString('utf8');
  if (text === null) return { ok: false, reason: 'data: the form has no such field' };
  try {
    return { ok: true, value: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown };
  } catch {
    return { ok: false, reason: 'the body is not JSON' };
  }
}

async function dataField(contentType: string, body: Buffer): Promise<string | null> {
  try {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    const data = form.get('data');
    return typeof data === 'string' ? data : null;
  } catch {
    return null;
  }
}
