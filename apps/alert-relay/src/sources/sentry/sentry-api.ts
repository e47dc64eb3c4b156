import { Inject, Injectable } from '@nestjs/common';
import { OperationalError } from '@recert/service-kit';
import { ALERT_RELAY_CONFIG, type AlertRelayConfig } from '../../config';
import { type Fields, isFields, listOf } from '../fields';

const PAGE = 100;
/** More than that is left for the next time. */
const MOST_PAGES = 10;
const BRIEF_PAUSE_SECONDS = 60;

/** Sentry wants to be left alone for a while. */
export class TooManyRequests extends OperationalError {
  constructor(readonly waitMs: number) {
    super(`Sentry asks to wait ${Math.ceil(waitMs / 1000)} s`);
  }
}

/** What is read of Sentry's HTTP API. */
@Injectable()
export class SentryApi {
  /** So long it may take to answer. */
  protected readonly timeoutMs: number = 10_000;

  constructor(@Inject(ALERT_RELAY_CONFIG) private readonly config: AlertRelayConfig) {}

  /**
   * The unresolved issues, last seen first, page by page.
   * @param mayGoOn asked after each page with what it held
   * @throws TooManyRequests, OperationalError
   */
  async unresolved(mayGoOn: (page: readonly Fields[]) => boolean): Promise<Fields[]> {
    const all: Fields[] = [];
    const query = { query: 'is:unresolved', sort: 'date', limit: String(PAGE) };
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < MOST_PAGES; page += 1) {
      const parameters = new URLSearchParams({ ...query, project: '-1', ...(cursor === '' ? {} : { cursor }) });
      const answer = await this.get(parameters);
      all.push(...answer.issues);
      cursor = mayGoOn(answer.issues) ? answer.next : null;
    }
    return all;
  }

  /** Issues by their ids, in whatever state; those that are gone are missing. */
  async issues(ids: readonly string[]): Promise<Fields[]> {
    const all: Fields[] = [];
    for (let from = 0; from < ids.length; from += PAGE) {
      const parameters = new URLSearchParams({ query: '', project: '-1', limit: String(PAGE) });
      for (const id of ids.slice(from, from + PAGE)) parameters.append('group', id);
      all.push(...(await this.get(parameters)).issues);
    }
    return all;
  }

  private async get(parameters: URLSearchParams): Promise<{ issues: Fields[]; next: string | null }> {
    const { SENTRY_API_ROOT: root, SENTRY_ORG: org, SENTRY_AUTH_TOKEN: token } = this.config;
    const address = `${root}/api/0/organizations/${org}/issues/?${parameters.toString()}`;
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    try {
      const response = await fetch(address, { headers, signal: AbortSignal.timeout(this.timeoutMs) });
      if (response.status === 429) throw new TooManyRequests(waitOf(response.headers.get('retry-after')));
      if (!response.ok) throw new OperationalError(`Sentry answered ${response.status}`);
      const issues = listOf(await response.json()).filter(isFields);
      return { issues, next: nextCursor(response.headers.get('link')) };
    } catch (error) {
      if (error instanceof OperationalError) throw error;
      throw new OperationalError(`Sentry cannot be asked: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** @param header seconds, or a date */
export function waitOf(header: string | null, now: number = Date.now()): number {
  const seconds = header === null || header.trim() === '' ? BRIEF_PAUSE_SECONDS : Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header ?? '') - now : seconds * 1000;
  return Number.isNaN(ms) ? BRIEF_PAUSE_SECONDS * 1000 : Math.max(ms, 1000);
}

/** The cursor of the next page in a header such as `<..>; rel="next"; results="true"; cursor="0:100:0"`. */
export function nextCursor(link: string | null): string | null {
  const next = (link ?? '').split(',').find((part) => part.includes('rel="next"'));
  if (next === undefined || !next.includes('results="true"')) return null;
  return /cursor="([^"]+)"/.exec(next)?.[1] ?? null;
}
