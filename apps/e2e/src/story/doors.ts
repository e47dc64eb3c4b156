import { type HistoryView, type ImportReport, type Page, type ProcessView } from '@recert/contracts';

/** A problem that the API answered with; a connection that broke is an error of its own kind and is tried again. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(`${status}: ${detail}`);
  }
}

/**
 * The public doors of a running installation. Requests that meet a closed or breaking connection, or a 5xx while
 * something restarts, are tried again for half a minute: that is what a person or a script would do.
 */
export class Doors {
  constructor(
    readonly addressOf: (service: string) => string,
    private readonly token: string,
  ) {}

  processes = (): Promise<Page<ProcessView>> => this.request('GET', '/api/processes');
  process = (id: string): Promise<ProcessView> => this.request('GET', `/api/processes/${id}`);
  history = (id: string): Promise<Page<HistoryView>> => this.request('GET', `/api/processes/${id}/history?limit=1000`);
  importLibrary = (): Promise<ImportReport> => this.request('POST', '/api/library/import', {});
  ask = (id: string): Promise<unknown> => this.request('POST', `/api/processes/${id}/ask`, {});
  respond = (id: string, answer: string): Promise<ProcessView> =>
    this.request('POST', `/api/processes/${id}/response`, { answer });
  invite = (handle: string): Promise<{ url: string; expiresAt: string }> =>
    this.request('POST', `/api/people/${handle}/invite`, {});
  verifyAudit = (): Promise<{ ok: boolean; rows: number; broken: unknown }> => this.request('GET', '/api/audit/verify');
  inbox = (): Promise<Page<{ processId: string; to: string }>> =>
    this.request('GET', '/api/inbox', undefined, 'notifier');
  deadLetters = (): Promise<Page<{ id: string; reason: string }>> => this.request('GET', '/api/dead-letters');

  /** Any other door. */
  async request<T>(method: string, path: string, body?: unknown, service = 'registry'): Promise<T> {
    const giveUpAt = Date.now() + 30_000;
    for (;;) {
      try {
        return await this.once<T>(method, this.addressOf(service) + path, body);
      } catch (error) {
        const final = error instanceof Refused && error.status < 500;
        if (final || Date.now() > giveUpAt) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  private async once<T>(method: string, url: string, body: unknown): Promise<T> {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const data = (await response.json()) as T & { detail?: string };
    if (!response.ok) throw new Refused(response.status, data.detail ?? '');
    return data;
  }
}
