import { setTimeout as sleep } from 'node:timers/promises';
import { type AlertView, type Page } from '@recert/contracts';
import { type Installation } from '../story/installation';
import { type Product } from '../story/hooks';

/** Far longer than an answer may take: a request that is not answered by then counts as refused. */
const PATIENCE_MS = 15_000;

/** Alerts at a steady rate, of several products in turn; each is sent once, whatever it is answered. */
export class SteadyAlerts {
  /** The ids that were answered. */
  readonly accepted: string[] = [];
  /** What the others were answered. */
  readonly refused: string[] = [];
  /** The slowest answer. */
  slowestMs = 0;
  private sent = 0;

  constructor(
    private readonly installation: Installation,
    private readonly products: readonly Product[],
  ) {}

  /** Sends them whatever becomes of those before, as senders who do not know each other do. Resolves when all are answered. */
  async send(count: number, perSecond: number): Promise<void> {
    const began = performance.now();
    const answers: Promise<void>[] = [];
    for (let n = 0; n < count; n += 1) {
      await sleep(Math.max(0, began + (n * 1_000) / perSecond - performance.now()));
      answers.push(this.one());
    }
    await Promise.all(answers);
  }

  /** @returns a sentence for each product whose alerts are not counted as often as they were sent */
  async miscounted(): Promise<string[]> {
    const { doors } = this.installation;
    const { items } = await doors.request<Page<AlertView>>('GET', '/api/alerts?limit=1000', undefined, 'alert-relay');
    return this.products.flatMap(({ id }, at) => {
      const must = Math.ceil((this.sent - at) / this.products.length);
      const counted = items.filter(({ product }) => product === id).reduce((sum, { count }) => sum + count, 0);
      return counted === must ? [] : [`${id}: ${must} signs are counted ${counted}`];
    });
  }

  private async one(): Promise<void> {
    const n = (this.sent += 1);
    const { token } = this.products[(n - 1) % this.products.length]!;
    const began = performance.now();
    try {
      const response = await fetch(`${this.installation.doors.addressOf('alert-relay')}/hooks/alerts/generic`, {
        method: 'POST',
        body: JSON.stringify({ title: 'The queue is long', key: 'queue', severity: 'warning', detail: `sign ${n}` }),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const { id, detail } = (await response.json()) as { id: string; detail?: string };
      if (response.ok) this.accepted.push(id);
      else this.refused.push(`${response.status} ${detail}`);
    } catch (error) {
      this.refused.push(String(error));
    }
    this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
  }
}
