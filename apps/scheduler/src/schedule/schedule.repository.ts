import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type OpenReview, type ProcessStatus, type ReviewReason, type Told } from '@recert/recertification';
import { type Schedule } from './schedule';

export interface ScheduleRow {
  readonly process_id: string;
  readonly version: number;
  readonly name: string;
  readonly section: string | null;
  readonly owner: string | null;
  readonly deputy: string | null;
  readonly url: string | null;
  readonly documented: boolean;
  readonly status: ProcessStatus;
  readonly next_due_at: Date | null;
  readonly updating_since: Date | null;
  readonly review_id: string | null;
  readonly review_opened_at: Date | null;
  readonly review_reason: ReviewReason | null;
  readonly review_reminder: number | null;
  readonly review_told: Told | null;
  readonly review_snoozed_until: Date | null;
  readonly review_disowned: boolean | null;
  readonly ended_promise: Date | null;
  readonly ended_snooze: Date | null;
  readonly wake_at: Date | null;
}

const COLUMNS: Readonly<Record<keyof ScheduleRow, string>> = {
  process_id: 'text',
  version: 'int',
  name: 'text',
  section: 'text',
  owner: 'text',
  deputy: 'text',
  url: 'text',
  documented: 'boolean',
  status: 'text',
  next_due_at: 'timestamptz',
  updating_since: 'timestamptz',
  review_id: 'uuid',
  review_opened_at: 'timestamptz',
  review_reason: 'text',
  review_reminder: 'int',
  review_told: 'text',
  review_snoozed_until: 'timestamptz',
  review_disowned: 'boolean',
  ended_promise: 'timestamptz',
  ended_snooze: 'timestamptz',
  wake_at: 'timestamptz',
};
const NAMES = Object.keys(COLUMNS);
const RECORDSET = `jsonb_to_recordset($1::jsonb) as given(${Object.entries(COLUMNS)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ')})`;
const INSERT = `insert into schedule (${NAMES.join(', ')}) select * from ${RECORDSET} on conflict do nothing returning 1`;
const UPDATE = `update schedule s set ${NAMES.filter((name) => name !== 'process_id')
  .map((name) => `${name} = given.${name}`)
  .join(', ')} from ${RECORDSET} where s.process_id = given.process_id`;

/** A review that is opened, under the date for which it is: the same date opens no second one. */
export interface Occurrence {
  readonly processId: string;
  readonly dueAt: Date;
  readonly reviewId: string;
  readonly openedAt: Date;
}

/** The tables `schedule` and `occurrence`. */
@Injectable()
export class ScheduleRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** The schedule of a process, held until the transaction ends; null for one never heard of. */
  async lock(tx: Tx, processId: string): Promise<Schedule | null> {
    const [row] = await tx.db.query<ScheduleRow[]>('select * from schedule where process_id = $1 for update', [
      processId,
    ]);
    return row === undefined ? null : toSchedule(row);
  }

  /** Up to `limit` rows that have to be looked at by `now`, held until the transaction ends, without those held by others. */
  async claimDue(tx: Tx, now: Date, limit: number): Promise<ScheduleRow[]> {
    return tx.db.query<ScheduleRow[]>(
      'select * from schedule where wake_at <= $1 order by wake_at limit $2 for update skip locked',
      [now, limit],
    );
  }

  /** @returns whether it is new; false when somebody else has stored the process meanwhile */
  async insert(tx: Tx, schedule: Schedule, wakeAt: Date | null): Promise<boolean> {
    const inserted = await tx.db.query<unknown[]>(INSERT, [JSON.stringify([toRow(schedule, wakeAt)])]);
    return inserted.length > 0;
  }

  async update(tx: Tx, rows: readonly ScheduleRow[]): Promise<void> {
    if (rows.length > 0) await tx.db.query(UPDATE, [JSON.stringify(rows)]);
  }

  /** @returns the ids of the processes whose occurrence is new */
  async insertOccurrences(tx: Tx, occurrences: readonly Occurrence[]): Promise<ReadonlySet<string>> {
    if (occurrences.length === 0) return new Set();
    const rows = await tx.db.query<{ process_id: string }[]>(
      `insert into occurrence (process_id, due_at, review_id, opened_at)
       select * from unnest($1::text[], $2::timestamptz[], $3::uuid[], $4::timestamptz[])
       on conflict do nothing returning process_id`,
      [
        occurrences.map((occurrence) => occurrence.processId),
        occurrences.map((occurrence) => occurrence.dueAt),
        occurrences.map((occurrence) => occurrence.reviewId),
        occurrences.map((occurrence) => occurrence.openedAt),
      ],
    );
    return new Set(rows.map((row) => row.process_id));
  }

  /** A process that comes back may be due on a date that it was due on in its former life. */
  async deleteOccurrences(tx: Tx, processId: string): Promise<void> {
    await tx.db.query('delete from occurrence where process_id = $1', [processId]);
  }

  /** When the next row has to be looked at, whoever holds it; null when none ever has to. */
  async nextWakeAt(): Promise<Date | null> {
    const [row] = await this.database.query<{ at: Date | null }>('select min(wake_at) as at from schedule');
    return row?.at ?? null;
  }

  /** @param after the last row of the page before, null for the first page */
  async nextWakes(limit: number, after: readonly [wakeAt: Date, processId: string] | null): Promise<ScheduleRow[]> {
    return this.database.query<ScheduleRow>(
      `select * from schedule
       where wake_at is not null and (wake_at, process_id) > (coalesce($2, '-infinity')::timestamptz, coalesce($3, ''))
       order by wake_at, process_id limit $1`,
      [limit, after?.[0] ?? null, after?.[1] ?? null],
    );
  }

  /** @returns whether it differs from the policy that the waking times were computed by */
  async rememberPolicy(tx: Tx, policy: string): Promise<boolean> {
    const rows = await tx.db.query<unknown[]>(
      `insert into policy_in_force as p (policy) values ($1)
       on conflict (one) do update set policy = excluded.policy where p.policy <> excluded.policy returning 1`,
      [policy],
    );
    return rows.length > 0;
  }

  async wakeWhatThePolicyTouches(tx: Tx, now: Date): Promise<void> {
    await tx.db.query(
      'update schedule set wake_at = $1 where documented and (review_id is not null or updating_since is not null)',
      [now],
    );
  }
}

export function toSchedule(row: ScheduleRow): Schedule {
  return {
    processId: row.process_id,
    version: row.version,
    name: row.name,
    section: row.section,
    owner: row.owner,
    deputy: row.deputy,
    url: row.url,
    documented: row.documented,
    status: row.status,
    nextDueAt: row.next_due_at,
    updatingSince: row.updating_since,
    review: reviewIn(row),
    endedPromise: row.ended_promise,
    endedSnooze: row.ended_snooze,
  };
}

export function toRow(schedule: Schedule, wakeAt: Date | null): ScheduleRow {
  const { review } = schedule;
  return {
    process_id: schedule.processId,
    version: schedule.version,
    name: schedule.name,
    section: schedule.section,
    owner: schedule.owner,
    deputy: schedule.deputy,
    url: schedule.url,
    documented: schedule.documented,
    status: schedule.status,
    next_due_at: schedule.nextDueAt,
    updating_since: schedule.updatingSince,
    review_id: review?.id ?? null,
    review_opened_at: review?.openedAt ?? null,
    review_reason: review?.reason ?? null,
    review_reminder: review?.reminder ?? null,
    review_told: review?.told ?? null,
    review_snoozed_until: review?.snoozedUntil ?? null,
    review_disowned: review?.disowned ?? null,
    ended_promise: schedule.endedPromise,
    ended_snooze: schedule.endedSnooze,
    wake_at: wakeAt,
  };
}

/** @throws TypeError for a row with half a review */
function reviewIn(row: ScheduleRow): OpenReview | null {
  const { review_id: id, review_opened_at: openedAt, review_reason: reason, review_reminder: reminder } = row;
  if (id === null) return null;
  if (openedAt === null || reason === null || reminder === null || row.review_told === null) {
    throw new TypeError(`The schedule of ${row.process_id} has a review without its opening, reason, reminder or told`);
  }
  const disowned = row.review_disowned === true;
  return { id, openedAt, reason, reminder, told: row.review_told, snoozedUntil: row.review_snoozed_until, disowned };
}
