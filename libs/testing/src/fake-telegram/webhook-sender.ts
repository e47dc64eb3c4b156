import { setTimeout as sleep } from 'node:timers/promises';
import { badRequest } from './api-error';
import { type Update } from './api-types';
import { Parameters } from './parameters';
import { type UpdateQueue } from './update-queue';

export interface WebhookInfo {
  url: string;
  has_custom_certificate: false;
  pending_update_count: number;
  max_connections?: number;
  last_error_date?: number;
  last_error_message?: string;
  allowed_updates?: readonly string[];
}

const answerTimeoutMs = 10_000;
const firstRetryMs = 100;
const longestRetryMs = 2_000;

/** Posts the updates to the bot's own address, one after the other, each until it is taken. */
export class WebhookSender {
  private secret = '';
  private maxConnections = 40;
  private lastError: { at: Date; message: string } | undefined;
  private running: Promise<void> | undefined;
  private readonly closed = new AbortController();

  /** @param call runs a method that the bot gave as its answer to the webhook */
  constructor(
    private readonly updates: UpdateQueue,
    private readonly now: () => Date,
    private readonly call: (method: string, parameters: Parameters) => unknown,
  ) {
    updates.onArrival(() => this.wake());
  }

  set(parameters: Parameters): true {
    const url = parameters.text('url') ?? '';
    const secret = parameters.text('secret_token') ?? '';
    // Plain http is taken as a Bot API server in local mode takes it: the bot under test is on this machine.
    if (url !== '' && !/^https?:\/\//.test(url)) {
      throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
    }
    if (secret.length > 256) throw badRequest('secret token is too long');
    if (!/^[A-Za-z0-9_-]*$/.test(secret)) throw badRequest('secret token contains unallowed characters');
    const allowed = parameters.structure('allowed_updates', 'allowed updates');
    if (Array.isArray(allowed)) this.updates.allowedUpdates = allowed.map(String);
    this.secret = secret;
    this.maxConnections = parameters.integer('max_connections') ?? 40;
    this.lastError = undefined;
    this.updates.setWebhook(url, parameters.flag('drop_pending_updates'));
    return true;
  }

  remove(dropPending: boolean): true {
    this.updates.setWebhook('', dropPending);
    return true;
  }

  info(): WebhookInfo {
    const { url, allowed } = { url: this.updates.webhookUrl, allowed: this.updates.allowedUpdates };
    const pending = this.updates.pending().length;
    if (url === '') return { url, has_custom_certificate: false, pending_update_count: pending };
    const { lastError } = this;
    return {
      url,
      has_custom_certificate: false,
      pending_update_count: pending,
      max_connections: this.maxConnections,
      ...(allowed.length > 0 ? { allowed_updates: allowed } : {}),
      ...(lastError === undefined
        ? {}
        : { last_error_date: Math.floor(lastError.at.getTime() / 1000), last_error_message: lastError.message }),
    };
  }

  /** Ends the posting and waits until it has ended. */
  async close(): Promise<void> {
    this.closed.abort();
    await this.running;
  }

  private wake(): void {
    if (this.closed.signal.aborted) return;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.updates.webhookUrl !== '' && this.updates.next() !== undefined) this.wake();
    });
  }

  private async run(): Promise<void> {
    let retryMs = firstRetryMs;
    while (!this.closed.signal.aborted && this.updates.webhookUrl !== '') {
      const update = this.updates.next();
      if (update === undefined) return;
      const fault = await this.post(update);
      if (fault === undefined) {
        this.updates.done(update);
        retryMs = firstRetryMs;
        continue;
      }
      this.lastError = { at: this.now(), message: fault };
      await sleep(retryMs, undefined, { signal: this.closed.signal }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    }
  }

  /** Returns what went wrong, as getWebhookInfo tells it. */
  private async post(update: Update): Promise<string | undefined> {
    try {
      const answer = await fetch(this.updates.webhookUrl, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(this.secret === '' ? {} : { 'X-Telegram-Bot-Api-Secret-Token': this.secret }),
        },
        body: JSON.stringify(update),
        signal: AbortSignal.any([AbortSignal.timeout(answerTimeoutMs), this.closed.signal]),
      });
      const body = await answer.text();
      if (!answer.ok) return `Wrong response from the webhook: ${answer.status} ${answer.statusText}`;
      await this.runAnswer(body);
      return undefined;
    } catch (error) {
      return error instanceof DOMException && error.name === 'TimeoutError'
        ? 'Read timeout expired'
        : 'Connection refused';
    }
  }

  /** A bot may answer with a method to call; whether that succeeds, it does not learn. */
  private async runAnswer(body: string): Promise<void> {
    if (!body.startsWith('{')) return;
    try {
      const { method, ...values } = JSON.parse(body) as Record<string, unknown>;
      if (typeof method === 'string') await this.call(method, new Parameters(values));
    } catch {
      // As said: nobody is told.
    }
  }
}
