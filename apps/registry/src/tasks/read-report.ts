import { taskReportBody, type TaskReportBody } from '@recert/contracts';

/** UTF-8 bytes that a log may have, and how many of its end are kept. */
const LONGEST_LOG = 100 * 1024;
const KEPT_LOG = 10 * 1024;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;
/** The first of a form; a log that is called a form does not begin like that. */
const FORM_FIELD = /^(?:status|log|version|commit|environment|url|rolledBack)=/;

/** What a task sent, before it is understood. */
export interface SentReport {
  readonly contentType: string | undefined;
  /** What `?status=` says in the address, for whoever sends no JSON. */
  readonly status: string | null;
  readonly body: Buffer;
}

export type ReadReport =
  | { readonly ok: true; readonly report: TaskReportBody }
  /** A sentence that names the field. */
  | { readonly ok: false; readonly detail: string };

/** A report as JSON, as a form, or as a status in the address and a log, which may be empty, for a body. */
export function readReport({ contentType, status, body }: SentReport): ReadReport {
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  const type = contentType ?? '';
  // What curl sends is called a form where nobody says otherwise.
  if (JSON_TYPE.test(type) || (FORM_TYPE.test(type) && text.trimStart().startsWith('{'))) return ofJson(text, status);
  if (FORM_TYPE.test(type) && FORM_FIELD.test(text)) {
    return checked({ status, ...fieldsOf(text) });
  }
  return checked({ status, log: text });
}

function ofJson(text: string, status: string | null): ReadReport {
  try {
    const sent = JSON.parse(text) as unknown;
    return checked(typeof sent === 'object' && sent !== null ? { status, ...sent } : sent);
  } catch {
    return {
      ok: false,
      detail: 'The body is not JSON: send {"status": "success"}, or ?status=success without a body.',
    };
  }
}

/** A form knows nothing but text. */
function fieldsOf(form: string): Record<string, unknown> {
  const { rolledBack, ...fields } = Object.fromEntries(new URLSearchParams(form));
  if (rolledBack === undefined) return fields;
  return { ...fields, rolledBack: ({ true: true, false: false } as Record<string, unknown>)[rolledBack] ?? rolledBack };
}

function checked(sent: unknown): ReadReport {
  const parsed = taskReportBody.safeParse(sent);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') || 'body';
    const what = field === 'status' ? 'expected start, success or fail' : (issue?.message ?? 'not understood');
    return { ok: false, detail: `${field}: ${what}` };
  }
  const { log } = parsed.data;
  if (log !== null && log !== undefined && Buffer.byteLength(log) > LONGEST_LOG) {
    return { ok: false, detail: `log: it has more than ${LONGEST_LOG} bytes: send the end of it` };
  }
  return { ok: true, report: { ...parsed.data, log: endOf(log ?? null) } };
}

/** The end of a log says most; what no database column takes is made visible. */
export function endOf(log: string | null): string | null {
  if (log === null || log.trim() === '') return null;
  const end = log.length > KEPT_LOG ? `…${log.slice(-KEPT_LOG)}` : log;
  return end.replaceAll('\u0000', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD');
}
