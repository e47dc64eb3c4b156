import { Inject, Injectable, Logger } from '@nestjs/common';
import { isOperational, ServiceDatabase, WakeSignal, within } from '@recert/bus';
import { type Received } from './hook';
import { IntakeRepository, type NewIntake } from './intake.repository';
import { type Batch, type Kept, Spool } from './spool/spool';
import { awaySince, drainInMs, HERE, nextState, routeOf, type SpoolEvent, type SpoolState } from './spool/spool-state';

/**
 * A group that has no answer by then is spooled. Sentry waits one second for its answer in all, of which the look at a
 * token may take a part, and the disk another; a database that is well needs two milliseconds.
 */
export const WRITE_MS = 500;
/** Nobody waits for what is drained: a database that has just started may be slow. */
const DRAIN_MS = 5_000;
/** How often it is looked whether another process has left something. */
const LOOK_MS = 5_000;
const TOUCH_MS = 1_000;
/** SQLSTATE classes: 22 data, 23 constraints, 54 limits, P0 a trigger's own. */
const REFUSED = /^(22|23|54|P0)/;

/** The spool of a service, or null where it has no folder for one. */
export const SPOOL = Symbol('spool');

/** Keeps requests: in the table, and on the disk while the database is away. */
@Injectable()
export class WriteOrSpool {
  private readonly log = new Logger('intake');
  private readonly signal = new WakeSignal();
  private state: SpoolState = HERE;
  private listener: (written: readonly Received[]) => void = () => undefined;
  /** Resolves when the last of the spool was written, or could not be. */
  private closed: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;
  private written = 0;
  private isRefusing = false;
  private stopped = false;
  private touching: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly intake: IntakeRepository,
    private readonly database: ServiceDatabase,
    @Inject(SPOOL) private readonly spool: Spool | null,
  ) {}

  /** `listener` is called with those that are in the table and new, after their senders were answered. */
  onWritten(listener: (written: readonly Received[]) => void): void {
    this.listener = listener;
  }

  /** Whether the table is not to be asked: it would not answer. */
  get isAway(): boolean {
    return this.state.kind === 'away';
  }

  /** For how many seconds the database has been away; 0 when it is here. */
  get awaySeconds(): number {
    const since = awaySince(this.state);
    return since === null ? 0 : (performance.now() - since) / 1000;
  }

  /** Takes what a process has left that was killed. What comes in the meantime is spooled behind that. */
  async start(): Promise<void> {
    if (this.spool === null)
      return this.log.warn(this.fields(), 'SPOOL_DIR is not set: webhooks are refused while the database is away');
    await this.takeOver(this.spool);
    this.touching = setInterval(() => void this.spool?.touch(new Date()), TOUCH_MS).unref();
    this.running = this.run(this.spool);
  }

  /** What is not in the table by then stays on the disk, for whoever starts next. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.signal.wake();
    await this.running;
    clearInterval(this.touching);
    await this.spool?.close();
    await this.intake.close();
  }

  /**
   * Resolves when all are kept, or refused for want of room. One after the other.
   * @throws what the database says, when it is about what they hold
   */
  async keep(group: readonly NewIntake[]): Promise<Kept[]> {
    if (this.spool === null) return this.write(group, null);
    if (routeOf(this.state) === 'wait') await within(WRITE_MS, this.closed!.promise).catch(() => undefined);
    if (routeOf(this.state) !== 'write') return this.append(this.spool, group);
    try {
      return await this.write(group, WRITE_MS);
    } catch (error) {
      // What is not known to be the row's fault is no reason to lose it.
      if (isRefused(error)) throw error;
      const kept = await this.append(this.spool, group);
      this.failed(error);
      return kept;
    }
  }

  private async write(group: readonly NewIntake[], atMostMs: number | null): Promise<Kept[]> {
    const fresh = await this.intake.keep(group, atMostMs);
    // Senders wait, the work does not.
    setImmediate(() => this.listener(fresh));
    if (fresh.length === group.length) return group.map(() => ({ kind: 'new' }));
    return group.map((row) => (fresh.includes(row) ? { kind: 'new' } : { kind: 'repeat', id: null }));
  }

  private async append(spool: Spool, group: readonly NewIntake[]): Promise<Kept[]> {
    try {
      const kept = await spool.append(group);
      if (!kept.some(({ kind }) => kind === 'refused')) this.isRefusing = false;
      else this.tellOfRefusal('The spool is full: webhooks are refused until the database is back');
      return kept;
    } catch (error) {
      this.tellOfRefusal('The spool cannot be written: webhooks are refused until the database is back', error);
      return group.map(() => ({ kind: 'refused' }));
    }
  }

  /** Once, and not for each of them. */
  private tellOfRefusal(message: string, error?: unknown): void {
    if (!this.isRefusing) this.log.error({ ...this.fields(), ...(error === undefined ? {} : { err: error }) }, message);
    this.isRefusing = true;
  }

  private async run(spool: Spool): Promise<void> {
    while (!this.stopped) {
      const dueMs = drainInMs(this.state, performance.now());
      if (dueMs !== 0) await this.signal.wait(dueMs ?? LOOK_MS);
      if (this.stopped) return;
      try {
        if (this.state.kind === 'here') await this.takeOver(spool);
        else if (drainInMs(this.state, performance.now()) === 0) await this.drain(spool);
      } catch (error) {
        if (!isOperational(error)) this.log.error({ ...this.fields(), err: error }, 'The spool cannot be drained');
        this.failed(error);
      }
    }
  }

  /** Never throws: what cannot be taken now is looked at again. */
  private async takeOver(spool: Spool): Promise<void> {
    try {
      await spool.takeOver(new Date());
    } catch (error) {
      this.log.error({ ...this.fields(), err: error }, 'What another process has left in the spool cannot be taken');
    }
    if (!spool.isEmpty) this.become('found');
  }

  /** Writes the spool into the table, the oldest first, until nothing is left of it. */
  private async drain(spool: Spool): Promise<void> {
    if (this.state.kind === 'away') await spool.takeOver(new Date());
    while (!this.stopped) {
      const batch = await spool.next();
      if (batch === null) {
        // Where nothing found room, nothing has been tried yet.
        if (this.state.kind === 'away') await this.write([], DRAIN_MS);
        if (spool.isEmpty) return this.emptied(spool);
        continue;
      }
      if (batch.isLast) this.become('nearly empty');
      await this.insert(spool, batch);
      spool.done(batch);
      this.written += batch.rows.length;
      // Who waits goes on waiting while only what came meanwhile is left.
      if (this.state.kind !== 'closing') this.become('drained');
    }
  }

  private async insert(spool: Spool, { rows }: Batch): Promise<void> {
    try {
      await this.write(rows, DRAIN_MS);
    } catch (error) {
      if (!isRefused(error)) throw error;
      for (const row of rows) await this.insertAlone(spool, row);
    }
  }

  /** A row that the database will not have must not keep back those behind it. */
  private async insertAlone(spool: Spool, row: NewIntake): Promise<void> {
    try {
      await this.write([row], DRAIN_MS);
    } catch (error) {
      if (!isRefused(error)) throw error;
      const file = await spool.setAside(row);
      const fields = { ...this.fields(), hook: row.hook, correlationId: row.id, file, err: error };
      this.log.error(fields, 'A spooled request cannot be written and was moved aside');
    }
  }

  private failed(error: unknown): void {
    const isNews = awaySince(this.state) === null;
    this.become('failed');
    if (isNews) this.log.warn({ ...this.fields(), error: String(error) }, 'The database is away: webhooks are spooled');
    this.signal.wake();
  }

  private emptied(spool: Spool): void {
    const { awaySeconds, written } = this;
    const fields = { ...this.fields(), requests: written, awaySeconds: Math.round(awaySeconds) };
    this.log.warn(fields, 'The spool is empty: its webhooks are in the database');
    this.written = 0;
    spool.forgetRepeats();
    this.become('emptied');
  }

  private become(event: SpoolEvent): void {
    this.state = nextState(this.state, event, performance.now());
    if (this.state.kind === 'closing') this.closed ??= deferred();
    else {
      this.closed?.resolve();
      this.closed = null;
    }
  }

  private fields(): Record<string, unknown> {
    return { service: this.database.service };
  }
}

/** Whether the database says of the row itself that it will not have it, and would say so again. */
function isRefused(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && REFUSED.test(code);
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((resolve_) => (resolve = resolve_));
  return { promise, resolve };
}
