import { badRequest } from './api-error';

/** The parameters of one call, however they were sent: as JSON, a form, a multipart form or in the address. */
export class Parameters {
  constructor(
    readonly values: Readonly<Record<string, unknown>>,
    /** The parts of a multipart form that are files, by name. */
    readonly files: ReadonlyMap<string, Buffer> = new Map(),
  ) {}

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'object') throw badRequest(`field "${name}" must be of type String`);
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined || text === '') return undefined;
    // Like the real server, which takes what is no number for zero.
    return /^-?\d+$/.test(text) ? Number(text) : 0;
  }

  flag(name: string): boolean {
    return ['true', 'yes', '1'].includes((this.text(name) ?? '').toLowerCase());
  }

  /** A structure: itself in a JSON body, JSON in a string everywhere else. Throws `can't parse <what> JSON object`. */
  structure(name: string, what: string): unknown {
    const value = this.values[name];
    if (typeof value !== 'string') return value ?? undefined;
    if (value === '') return undefined;
    try {
      return JSON.parse(value);
    } catch {
      throw badRequest(`can't parse ${what} JSON object`);
    }
  }
}

/** Reads a request's body and query. Throws what the real server says to a body that it does not understand. */
export function readParameters(query: URLSearchParams, contentType: string, body: Buffer): Parameters {
  const fromQuery = Object.fromEntries(query);
  if (body.length === 0) return new Parameters(fromQuery);
  if (contentType.startsWith('application/json')) {
    const parsed = parseJson(body.toString());
    return new Parameters({ ...fromQuery, ...parsed });
  }
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return new Parameters({ ...fromQuery, ...Object.fromEntries(new URLSearchParams(body.toString())) });
  }
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return new Parameters(fromQuery);
  const { values, files } = readMultipart(body.toString('latin1'), boundary);
  return new Parameters({ ...fromQuery, ...values }, files);
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return parsed as Record<string, unknown>;
    }
  } catch {
    // Falls through to the one answer for both.
  }
  throw badRequest("can't parse request: expected a JSON object");
}

/** Latin 1 keeps every byte one character, so that a picture does not disturb the search for the boundaries. */
function readMultipart(body: string, boundary: string): { values: Record<string, string>; files: Map<string, Buffer> } {
  const values: Record<string, string> = {};
  const files = new Map<string, Buffer>();
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    const name = /[; ]name="([^"]*)"/.exec(head)?.[1];
    if (name === undefined) continue;
    const content = Buffer.from(rest.join('\r\n\r\n').replace(/\r\n$/, ''), 'latin1');
    if (/filename=/.test(head)) files.set(name, content);
    else values[name] = content.toString();
  }
  return { values, files };
}
