import { Inject, Injectable, Logger } from '@nestjs/common';
import { newEventId, ServiceDatabase, type Tx } from '@recert/bus';
import { decideWake, type EscalationPolicy } from '@recert/recertification';
import { Clock, inBatches } from '@recert/service-kit';
import { ZodError } from 'zod';
import { type Announcement, announcementOf } from './announce';
import { ESCALATION_POLICY } from './escalation-policy';
import { entryOf, wakeOf, withEntry } from './schedule';
import { type Occurrence, ScheduleRepository, type ScheduleRow, toRow, toSchedule } from './schedule.repository';

/** Rows of one transaction. */
export const BATCH = 500;
const POISONED_PAUSE_MS = 3_600_000;

/** What is to become of a claimed row. */
interface Verdict {
  readonly row: ScheduleRow;
  readonly announcements: readonly Announcement[];
  /** Set where a review is opened. */
  readonly occurrence: Occurrence | null;
}

/** Says what has to be said now about the processes whose time has come. */
@Injectable()
export class OpenDueReviews {
  private readonly log = new Logger(OpenDueReviews.name);

  constructor(
    private readonly database: ServiceDatabase,
    private readonly schedules: ScheduleRepository,
    private readonly clock: Clock,
    @Inject(ESCALATION_POLICY) private readonly policy: EscalationPolicy,
  ) {}

  /**
   * Until nothing more is due that no other replica has in hand. Its cost follows what is due, not what exists.
   * @param mayGoOn asked before each batch
   * @returns how many rows were looked at
   */
  async run(mayGoOn: () => boolean = () => true): Promise<number> {
    return inBatches(BATCH, mayGoOn, () => this.database.transaction((tx) => this.batch(tx)));
  }

  private async batch(tx: Tx): Promise<number> {
    const now = this.clock.now();
    const rows = await this.schedules.claimDue(tx, now, BATCH);
    const verdicts = rows.map((row) => this.judge(row, now));
    const opened = verdicts.flatMap(({ occurrence }) => occurrence ?? []);
    const isNew = await this.schedules.insertOccurrences(tx, opened);
    const settled = verdicts.map((verdict) =>
      verdict.occurrence && !isNew.has(verdict.row.process_id) ? this.silence(verdict.occurrence, rows) : verdict,
    );
    await this.schedules.update(
      tx,
      settled.map((verdict) => verdict.row),
    );
    for (const { announcements } of settled) for (const announce of announcements) announce(tx);
    return rows.length;
  }

  /** A row that cannot be judged must not stop the others, nor come back at once. */
  private judge(row: ScheduleRow, now: Date): Verdict {
    try {
      const before = toSchedule(row);
      const { emit, entry } = decideWake(entryOf(before), now, newEventId(now), this.policy);
      const after = withEntry(before, entry);
      const { processId } = before;
      const opening = before.review === null ? emit.find((said) => said.type === 'due') : undefined;
      return {
        row: toRow(after, wakeOf(after, this.policy)),
        announcements: emit.map((said) => announcementOf(after, said, now)),
        occurrence: opening ? { ...opening, processId } : null,
      };
    } catch (error) {
      const fields = { processId: row.process_id, reason: reasonOf(error), err: error };
      this.log.error(fields, 'A process cannot be judged, trying again in an hour');
      const wakeAt = new Date(now.getTime() + POISONED_PAUSE_MS);
      return { row: { ...row, wake_at: wakeAt }, announcements: [], occurrence: null };
    }
  }

  /** The registry named a date again for which a review was opened already: that one was answered, or will be. */
  private silence({ processId, dueAt }: Occurrence, rows: readonly ScheduleRow[]): Verdict {
    this.log.warn(`The process ${processId} was due on ${dueAt.toISOString()} before: no second review is opened`);
    const row = rows.find((candidate) => candidate.process_id === processId)!;
    return { row: { ...row, wake_at: null }, announcements: [], occurrence: null };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof ZodError)) return String(error);
  return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}
