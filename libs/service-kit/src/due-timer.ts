import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { backOffMs, isOperational, WakeSignal } from '@recert/bus';
import { type EventContract } from '@recert/contracts';
import { type Clock } from './clock';
import { Pulse } from './tasks/pulse';

/** Only the safety net, for what other replicas were told: what this process is told wakes it at the right time. */
const POLL_MS = 5_000;
/** Where all that is due is in the hands of another replica. */
const LOCKED_PAUSE_MS = 100;

/** As what a timer stands among the tasks of the hub. */
export interface TimerTask {
  /** The service's name, a dot and its own, such as `scheduler.review-timer`. */
  readonly id: string;
  /** What it says when something is due. */
  readonly emits: readonly EventContract[];
}

/** Looks at the rows of a table exactly when the first of them has to be looked at. */
export abstract class DueTimer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(this.constructor.name);
  private readonly signal = new WakeSignal();
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private pulse: Pulse | null = null;
  private tellOfRound: () => void = () => undefined;
  /** The earliest time told by `expect` since the database was last asked. */
  private expected = Infinity;
  /** Until when the timer sleeps; while it is awake nothing needs to wake it. */
  private sleepsUntil = -Infinity;

  constructor(private readonly clock: Clock) {}

  /** As what it stands among the tasks of the hub. */
  abstract readonly task: TimerTask;

  /** When the first row has to be looked at; null when none has. */
  protected abstract nextWakeAt(): Promise<Date | null>;

  /**
   * Looks at what is due, as far as no other replica has it in hand.
   * @param goesOn false once the process is being stopped
   * @returns how many rows were looked at
   */
  protected abstract lookAtDue(goesOn: () => boolean): Promise<number>;

  onApplicationBootstrap(): void {
    this.running = this.loop();
  }

  /** Before the database closes, which happens on shutdown itself. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.signal.wake();
    await this.running;
  }

  /** A row has to be looked at by then. Call it when that is committed. */
  expect(wakeAt: Date | null): void {
    if (wakeAt === null) return;
    this.expected = Math.min(this.expected, wakeAt.getTime());
    if (this.expected < this.sleepsUntil) this.signal.wake();
  }

  /** `tell` hears every so often that it goes round, and once with the reason when it does not. */
  onPulse(everyMs: number, tell: (fault: string | null) => void): void {
    this.pulse = new Pulse(everyMs, tell);
  }

  /** `listener` runs after each round that went well. */
  onRound(listener: () => void): void {
    this.tellOfRound = listener;
  }

  private async loop(): Promise<void> {
    let failures = 0;
    while (!this.stopped) {
      try {
        const sleepMs = await this.round();
        failures = 0;
        this.pulse?.went(performance.now());
        this.tellOfRound();
        if (sleepMs > 0) await this.signal.wait(sleepMs);
      } catch (error) {
        failures += 1;
        const message = 'Could not look at what is due, will try again';
        const timer = this.task.id;
        if (isOperational(error)) this.log.warn({ timer, error: String(error) }, message);
        else {
          this.log.error({ timer, err: error }, message);
          this.pulse?.failed(`${message}: ${String(error)}`);
        }
        await this.signal.wait(Math.min(backOffMs(failures), POLL_MS));
      }
    }
  }

  /** @returns how long to sleep, in milliseconds */
  private async round(): Promise<number> {
    this.expected = Infinity;
    this.sleepsUntil = -Infinity;
    const next = await this.nextWakeAt();
    if (next !== null && next <= this.clock.now()) {
      const looked = await this.lookAtDue(() => !this.stopped);
      return looked > 0 ? 0 : LOCKED_PAUSE_MS;
    }
    this.sleepsUntil = Math.min(next?.getTime() ?? Infinity, this.expected);
    // A timer may fire a fraction of a millisecond early.
    return Math.min(Math.max(this.sleepsUntil - this.clock.now().getTime() + 1, 0), POLL_MS);
  }
}
