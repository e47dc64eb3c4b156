import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { isOperational } from '@recert/bus';
import { hookDescription, KIT_CONFIG, type KitConfig, Metrics } from '@recert/service-kit';
import { AcceptRequest } from './accept-request';
import { faultOfJson } from './body-shape';
import { type Hook, HOOKS } from './hook';
import { answerAccepted, answerRefused, Refusal } from './hook-answer';
import { RateLimit } from './rate-limit';
import { readBody } from './read-body';

/** So many seconds of its rate a sender may use up at once. */
const BURST_SECONDS = 10;
const NO_QUERY = new URLSearchParams();
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

interface Found {
  readonly hook: Hook;
  readonly target: string | null;
}

/**
 * The one path of every webhook: read, let the hook look at the proof, check the shape, commit, answer. It stands before
 * the framework, which would do much for each request that nobody needs here.
 */
@Injectable()
export class HookDoor {
  private readonly log = new Logger('intake');
  private readonly rates: RateLimit;
  private readonly exact = new Map<string, Hook>();
  private readonly withTarget = new Map<string, Hook>();
  /** How many are not answered yet. A map of them would keep what is done with alive, from one collection to the next. */
  private underWay = 0;
  private emptied: (() => void) | null = null;
  private closed = false;

  constructor(
    @Inject(HOOKS) hooks: readonly Hook[],
    private readonly accepting: AcceptRequest,
    private readonly metrics: Metrics,
    @Inject(KIT_CONFIG) { HOOK_RATE: perSecond }: KitConfig,
  ) {
    this.rates = new RateLimit(perSecond === null ? null : { perSecond, burst: perSecond * BURST_SECONDS });
    for (const hook of hooks) {
      // What is not there yet cannot be seen to grow.
      for (const status of [500, 503]) metrics.hooks.inc({ hook: hook.name, status }, 0);
      const path = hookDescription(hook.constructor)?.path;
      if (path === undefined) throw new Error(`The hook ${hook.name} does not say where it is: @DescribeHook.`);
      const [prefix, parameter] = path.split('{');
      if (parameter === undefined) this.exact.set(path, hook);
      else this.withTarget.set(prefix!, hook);
    }
  }

  /** @returns false when no hook of this door is meant */
  takes(request: IncomingMessage, response: ServerResponse): boolean {
    const url = request.url ?? '';
    if (!url.startsWith('/hooks/')) return false;
    const mark = url.indexOf('?');
    const found = this.find(mark < 0 ? url : url.slice(0, mark));
    if (found === null) return false;
    void this.serve(found, request, response, mark < 0 ? '' : url.slice(mark + 1));
    return true;
  }

  /** Takes nothing more; resolves when everything that is under way is answered. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.underWay > 0) await new Promise<void>((resolve) => (this.emptied = resolve));
  }

  private find(path: string): Found | null {
    const hook = this.exact.get(path);
    if (hook !== undefined) return { hook, target: null };
    const slash = path.lastIndexOf('/') + 1;
    const targeted = this.withTarget.get(path.slice(0, slash));
    return targeted === undefined ? null : { hook: targeted, target: path.slice(slash) };
  }

  /** Never rejects. */
  private async serve(found: Found, request: IncomingMessage, response: ServerResponse, query: string): Promise<void> {
    this.underWay += 1;
    try {
      answerAccepted(response, await this.accept(found, request, query));
    } catch (error) {
      if (!(error instanceof Refusal)) this.tellOf(error, found.hook.name);
      answerRefused(response, toRefusal(error));
      // What was not read would be taken for the next request.
      if (!request.complete) response.once('finish', () => request.destroy());
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) this.emptied?.();
      this.metrics.hooks.inc({ hook: found.hook.name, status: response.statusCode });
    }
  }

  private async accept({ hook, target }: Found, request: IncomingMessage, query: string) {
    if (this.closed) throw new Refusal(503, 'This service is being stopped: send it again.', { 'Retry-After': '5' });
    if (request.method !== 'POST') throw new Refusal(405, 'A hook takes POST only.', { Allow: 'POST' });
    const body = await readBody(request);
    const { headers } = request;
    const asked = { target, query: query === '' ? NO_QUERY : new URLSearchParams(query), headers, body };
    const admission = await hook.admit(asked);
    if (!admission.ok) {
      const proof: Record<string, string> = admission.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
      throw new Refusal(admission.status, admission.detail, proof);
    }
    const waitMs = admission.limited ? this.rates.take(admission.sender, performance.now()) : 0;
    if (waitMs > 0) throw tooOften(waitMs);
    // Who signs does not send again what was refused: it is kept, and becomes a dead letter with the reason.
    if (admission.repeats !== 'signed') checkShape(hook, headers['content-type'] ?? '', body);
    const kept = admission.kept === undefined ? asked : { ...asked, body: admission.kept };
    return this.accepting.accept(hook, kept, admission);
  }

  private tellOf(error: unknown, hook: string): void {
    if (isOperational(error)) this.log.warn({ hook, error: String(error) }, 'A request at a hook was sent away');
    else this.log.error({ hook, err: error }, 'A request at a hook failed');
  }
}

function checkShape(hook: Hook, type: string, body: Buffer): void {
  if (hook.otherTypes?.test(type) === true) return;
  if (!JSON_TYPE.test(type)) {
    throw new Refusal(415, 'Send JSON, and say so: Content-Type: application/json.');
  }
  const fault = faultOfJson(body);
  if (fault !== null) throw new Refusal(400, fault);
}

function tooOften(waitMs: number): Refusal {
  const seconds = Math.ceil(waitMs / 1000);
  return new Refusal(429, `Too many requests: wait ${seconds} s.`, { 'Retry-After': String(seconds) });
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isOperational(error)) {
    const detail = 'The database of this service is away. Nothing was kept; send it again in a moment.';
    return new Refusal(503, detail, { 'Retry-After': '5' });
  }
  return new Refusal(500, 'This is a defect of the service; it was logged.');
}
