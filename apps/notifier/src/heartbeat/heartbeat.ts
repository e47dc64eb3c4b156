import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { EventServer, ServiceDatabase, WakeSignal } from '@recert/bus';
import { Clock } from '@recert/service-kit';
import { NOTIFIER_CONFIG, type NotifierConfig } from '../config';
import { failingSince } from '../reach/reach';
import { ReachRepository } from '../reach/reach.repository';
import { failureAddress } from './failure-address';
import { HeartbeatRepository } from './heartbeat.repository';
import { judgeHealth, type TelegramFacts, type Verdict } from './judge-health';

/** The first comes soon after a start: whoever waits outside has waited for the time of the start already. */
const FIRST_AFTER_MS = 10_000;
const TIMEOUT_MS = 10_000;

/** Tells somebody outside, again and again, that the system works. Where it does not work, or is gone, there is silence. */
@Injectable()
export class Heartbeat implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('heartbeat');
  private readonly signal = new WakeSignal();
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private trouble: string | null = null;

  constructor(
    private readonly events: EventServer,
    private readonly database: ServiceDatabase,
    private readonly reaches: ReachRepository,
    private readonly rows: HeartbeatRepository,
    private readonly clock: Clock,
    @Inject(NOTIFIER_CONFIG) private readonly config: NotifierConfig,
  ) {}

  onApplicationBootstrap(): void {
    const { HEARTBEAT_URL: url } = this.config;
    if (url !== undefined) this.running = this.loop(url);
  }

  /** Before the database closes, which happens on shutdown itself. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.signal.wake();
    await this.running;
  }

  private async loop(url: string): Promise<void> {
    const { HEARTBEAT_EVERY: everyMs } = this.config;
    await this.signal.wait(Math.min(everyMs, FIRST_AFTER_MS));
    while (!this.stopped) {
      const began = performance.now();
      const verdict = await this.judge();
      const trouble = await this.tell(url, verdict).catch(
        (error: unknown) => `The sign of life did not arrive: ${whatOf(error)}`,
      );
      this.note(trouble ?? (verdict.ok ? null : `No sign of life is given: ${verdict.says}`));
      await this.signal.wait(Math.max(0, everyMs - (performance.now() - began)));
    }
  }

  private async judge(): Promise<Verdict> {
    const patienceMs = this.config.FALLBACK_AFTER;
    const vital = await this.events.health();
    try {
      return judgeHealth(vital, await this.telegramFacts(), this.clock.now(), patienceMs);
    } catch {
      const unread = { name: 'what waits to be sent', ok: false };
      return judgeHealth([...vital, unread], null, this.clock.now(), patienceMs);
    }
  }

  private async telegramFacts(): Promise<TelegramFacts | null> {
    if (this.config.TELEGRAM_BOT_TOKEN === undefined) return null;
    const db = this.database.dataSource.manager;
    const reach = await this.reaches.load(db);
    const { fallback } = reach;
    return {
      failingSince: failingSince(reach),
      isReplaced: fallback !== null && (await this.rows.isTold(db, fallback.since)),
      waitingSince: await this.rows.waitingSince(db),
    };
  }

  /** @returns what was wrong with the other end; null where nothing was */
  private async tell(url: string, { ok, says }: Verdict): Promise<string | null> {
    const address = ok ? url : failureAddress(url, says);
    if (address === null) return null;
    const { HEARTBEAT_METHOD: method } = this.config;
    const body = method === 'POST' ? { body: says, headers: { 'content-type': 'text/plain; charset=utf-8' } } : {};
    const answer = await fetch(address, { method, ...body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    await answer.body?.cancel();
    return answer.ok ? null : `The sign of life was answered ${answer.status}`;
  }

  /** Each trouble once, and its end. */
  private note(trouble: string | null): void {
    if (trouble !== null && trouble !== this.trouble) this.log.warn(trouble);
    if (trouble === null && this.trouble !== null) this.log.log('The sign of life is given again');
    this.trouble = trouble;
  }
}

/** The code of the network's error alone: its words may hold the address, which is as good as a password. */
function whatOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return 'no answer in time';
  return typeof cause?.code === 'string' ? cause.code : 'no connection';
}
