import { type ClaimedFallback, FallbackRefused, type FallbackWay } from './fallback-delivery';

const TIMEOUT_MS = 10_000;
/** Asked too much, or too slow: the same may be taken later. */
const TAKEN_LATER = new Set([408, 425, 429]);

/** A topic of ntfy (https://docs.ntfy.sh/publish/). */
export class PostNtfy implements FallbackWay {
  readonly way = 'ntfy';

  /** @param publicUrl where a tap leads; null for nowhere */
  constructor(
    private readonly url: string,
    private readonly token: string | null,
    private readonly publicUrl: string | null,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  async send({ urgency, title, text }: ClaimedFallback): Promise<void> {
    const headers = {
      'content-type': 'text/plain; charset=utf-8',
      ...{ title, priority: String(urgency) },
      ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
      ...(this.publicUrl === null ? {} : { click: this.publicUrl }),
    };
    const signal = AbortSignal.timeout(this.timeoutMs);
    const answer = await fetch(this.url, { method: 'POST', headers, body: text, redirect: 'manual', signal }).catch(
      (error: unknown) => {
        throw new Error(signal.aborted ? 'ntfy did not answer in time' : `ntfy was not reached: ${whatOf(error)}`);
      },
    );
    await answer.body?.cancel();
    if (answer.ok) return;
    const said = `ntfy answered ${answer.status}${hintOf(answer.status)}`;
    throw answer.status < 500 && !TAKEN_LATER.has(answer.status) ? new FallbackRefused(said) : new Error(said);
  }
}

/** The code of the network's error alone: its words may hold the address, and with it the topic. */
function whatOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return typeof cause?.code === 'string' ? cause.code : 'no connection';
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return ': NTFY_TOKEN is missing, wrong, or may not write to the topic';
  if (status >= 300 && status < 400) return ': NTFY_URL leads elsewhere, and redirects are not followed';
  return status === 404 ? ': is NTFY_URL right?' : '';
}
