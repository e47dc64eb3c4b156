import { type Page, type Problem } from '@recert/contracts';
import { UnreachableError, UsageError } from './exit-codes';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Query = Readonly<Record<string, string | undefined>>;

const DEFAULT_URL = 'http://127.0.0.1:3000';
const LARGEST_PAGE = '1000';
/** The service itself, or a proxy before it, says that it is away. */
const AWAY = new Set([502, 503, 504]);

/** The service understood the request and refused it. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The HTTP API of a running Recert. */
export class Api {
  private constructor(
    readonly url: string,
    private readonly token: string | undefined,
    private readonly patienceMs: number | undefined,
  ) {}

  /**
   * @param patienceMs how long an answer may take; as long as it likes by default
   * @throws UsageError when RECERT_URL is no address
   */
  static from(environment: Environment, patienceMs?: number): Api {
    const url = environment['RECERT_URL'] || DEFAULT_URL;
    if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
      throw new UsageError(`RECERT_URL is "${url}", which is no address: write something like ${DEFAULT_URL}`);
    }
    return new Api(
      url.replace(/\/+$/, ''),
      environment['RECERT_TOKEN'] || environment['RECERT_ADMIN_TOKEN'],
      patienceMs,
    );
  }

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.json<T>('GET', path + queryText(query));
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.json<T>('POST', path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.json<T>('DELETE', path);
  }

  patch<T>(path: string, body: object): Promise<T> {
    return this.json<T>('PATCH', path, body);
  }

  /** Every page of a list. */
  async all<T>(path: string, query: Query = {}): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.get<Page<T>>(path, { ...query, limit: LARGEST_PAGE, cursor });
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return items;
  }

  /** An answer as it comes. @throws RefusedError, UnreachableError */
  async open(method: string, path: string, body?: object): Promise<Response> {
    const response = await this.send(method, path, body);
    if (response.ok) return response;
    const problem = await problemIn(response);
    if (AWAY.has(response.status)) {
      throw new UnreachableError(`${this.url} answered ${response.status}: ${problem.detail}`);
    }
    throw new RefusedError(problem);
  }

  /** The answer whatever its status. @throws UnreachableError */
  async send(method: string, path: string, body?: object): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (this.token !== undefined) headers['authorization'] = `Bearer ${this.token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const signal = this.patienceMs === undefined ? null : AbortSignal.timeout(this.patienceMs);
    try {
      return await fetch(this.url + path, { method, headers, signal, ...(body && { body: JSON.stringify(body) }) });
    } catch (error) {
      throw new UnreachableError(
        `Recert does not answer at ${this.url} (${causeOf(error)}). Start it with "npm start", or set RECERT_URL to where it runs.`,
      );
    }
  }

  private async json<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.open(method, path, body);
    const text = await response.text();
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new UnreachableError(`What answers at ${this.url} is not Recert: set RECERT_URL to where it runs.`);
    }
  }
}

/** What was refused; also when something between us and the service refused it without a problem body. */
async function problemIn(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as Partial<Problem>;
    if (typeof body.detail === 'string')
      return { type: 'about:blank', title: '', status: response.status, ...body } as Problem;
  } catch {
    // Not of ours: the status is all there is to say.
  }
  const { status, statusText } = response;
  return { type: 'about:blank', title: statusText, status, detail: statusText || 'no reason was given' };
}

function queryText(query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** fetch says only "fetch failed"; the reason is what caused that. */
function causeOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: unknown }; message?: unknown };
  return typeof cause?.code === 'string' ? cause.code : String(message);
}
