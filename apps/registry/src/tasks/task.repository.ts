import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type TaskQuery, type TaskReportView, type TaskRhythm, type TaskTrigger } from '@recert/contracts';
import { UserError } from '@recert/service-kit';
import { type OwnedTask, type Task } from './task';
import { type Level, type Status, type Trouble, type Why } from './task-health';

interface Row {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly service: string;
  readonly owner: string | null;
  readonly deputy: string | null;
  readonly trigger: TaskTrigger;
  readonly emits: string[];
  readonly rhythm: TaskRhythm | null;
  readonly grace: string;
  readonly review: string;
  readonly url: string | null;
  readonly product_id: string | null;
  readonly is_release: boolean;
  readonly registered_at: Date;
  readonly active: boolean;
  readonly expected_from: Date;
  readonly last_status: Status | null;
  readonly last_heard_at: Date | null;
  readonly last_end_at: Date | null;
  readonly last_began_at: Date | null;
  readonly last_success_at: Date | null;
  readonly started_at: Date | null;
  readonly trouble_why: Why | null;
  readonly trouble_since: Date | null;
  readonly trouble_level: Level | null;
  readonly trouble_told_at: Date | null;
  readonly trouble_expected_by: Date | null;
  readonly troubles: number;
}

interface OwnedRow extends Row {
  readonly owner_now: string | null;
  readonly deputy_now: string | null;
}

const COLUMNS = [
  ...['id', 'version', 'name', 'service', 'owner', 'deputy', 'trigger', 'emits', 'rhythm', 'grace', 'review', 'url'],
  ...['product_id', 'is_release', 'registered_at', 'active', 'expected_from', 'last_status', 'last_heard_at'],
  ...[
    'last_end_at',
    'last_began_at',
    'last_success_at',
    'started_at',
    'trouble_why',
    'trouble_since',
    'trouble_level',
    'trouble_told_at',
  ],
  ...['trouble_expected_by', 'troubles', 'expected_by', 'look_at'],
];
const SAVE = `
  insert into task (${COLUMNS.join(', ')}) values (${COLUMNS.map((_, at) => `$${at + 1}`).join(', ')})
  on conflict (id) do update set ${COLUMNS.slice(1)
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`;
/** Who owns it by now: the process by which its owner is asked may have been handed over. */
const OWNED = `
  select t.*, case when p.id is null then t.owner else coalesce(p.owner, t.owner) end as owner_now,
    case when p.id is null then t.deputy else p.deputy end as deputy_now
  from task t left join process p on p.id = left('task-' || replace(t.id, '.', '-'), 120)
    and p.source = 'tasks' and p.status <> 'retired'`;

/** The tables `task` and `task_report`: rows to tasks and back. */
@Injectable()
export class TaskRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** What is said of one task waits for one another, also before there is a row. */
  async lock(tx: Tx, id: string): Promise<OwnedTask | null> {
    await tx.db.query(`select pg_advisory_xact_lock(hashtextextended('task ' || $1, 0))`, [id]);
    return this.read(tx, id);
  }

  /** What the transaction holds. */
  private async read(tx: Tx, id: string): Promise<OwnedTask | null> {
    const [row] = await tx.db.query<OwnedRow[]>(`${OWNED} where t.id = $1`, [id]);
    return row === undefined ? null : toOwned(row);
  }

  async find(id: string): Promise<OwnedTask | null> {
    const [row] = await this.database.query<OwnedRow>(`${OWNED} where t.id = $1`, [id]);
    return row === undefined ? null : toOwned(row);
  }

  /** By id, after the given one. */
  async page(
    { service, owner, state, q }: TaskQuery,
    now: Date,
    after: string | null,
    limit: number,
  ): Promise<OwnedTask[]> {
    const rows = await this.database.query<OwnedRow>(
      `select * from (${OWNED}) t where ($1::text is null or service = $1) and ($2::text is null or owner_now = $2)
         and ($3::text is null or $3 = case when not active then 'off' when trouble_why is not null then 'down'
           when started_at is not null then 'running' when expected_by <= $7 then 'late'
           when last_heard_at is null then 'new' else 'up' end)
         and ($4::text is null or position(lower($4) in lower(name || ' ' || id)) > 0)
         and ($5::text is null or id > $5) order by id limit $6`,
      [service ?? null, owner ?? null, state ?? null, q ?? null, after, limit, now],
    );
    return rows.map(toOwned);
  }

  /** Those that are processes of somebody. */
  async withOwner(tx: Tx): Promise<Task[]> {
    const rows = await tx.db.query<Row[]>('select * from task where owner is not null and active order by id');
    return rows.map(toTask);
  }

  /** @param when it is expected, and when it has to be looked at */
  async save(
    tx: Tx,
    task: Task,
    when: { readonly expectedBy: Date | null; readonly lookAt: Date | null },
  ): Promise<void> {
    const { health } = task;
    const { trouble } = health;
    await tx.db.query(SAVE, [
      ...[task.id, task.version, task.name, task.service, task.owner, task.deputy, JSON.stringify(task.trigger)],
      ...[task.emits, task.rhythm && JSON.stringify(task.rhythm), task.grace, task.review, task.url, task.productId],
      ...[task.isRelease, task.registeredAt, health.active, health.expectedFrom, health.lastStatus],
      ...[health.lastHeardAt, health.lastEndAt, health.lastBeganAt, health.lastSuccessAt, health.startedAt],
      ...[trouble?.why ?? null, trouble?.since ?? null, trouble?.level ?? null, trouble?.toldAt ?? null],
      trouble?.expectedBy ?? null,
      ...[health.troubles, when.expectedBy, when.lookAt],
    ]);
  }

  /** As `lock`; null, too, while somebody else has it in hand. */
  async tryLock(tx: Tx, id: string): Promise<OwnedTask | null> {
    const [turn] = await tx.db.query<{ mine: boolean }[]>(
      `select pg_try_advisory_xact_lock(hashtextextended('task ' || $1, 0)) as mine`,
      [id],
    );
    return turn?.mine === true ? this.read(tx, id) : null;
  }

  /** Up to `limit` tasks that have to be looked at by `now`, those first that have waited longest. */
  async due(now: Date, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'select id from task where look_at <= $1 order by look_at limit $2',
      [now, limit],
    );
    return rows.map(({ id }) => id);
  }

  async nextLookAt(): Promise<Date | null> {
    const [row] = await this.database.query<{ at: Date | null }>('select min(look_at) as at from task');
    return row?.at ?? null;
  }

  /** @returns false when it is known already */
  async addReport(tx: Tx, taskId: string, { id, status, at, log }: Report): Promise<boolean> {
    const rows = await tx.db.query<unknown[]>(
      `with added as (insert into task_report (id, task_id, status, at, log) values ($1, $2, $3, $4, $5)
         on conflict do nothing returning 1) select 1 from added`,
      [id, taskId, status, at, log],
    );
    return rows.length > 0;
  }

  /** What it said when it failed last, where that is its trouble. */
  async logOf(tx: Tx, taskId: string, trouble: Pick<Trouble, 'why'> | null): Promise<string | null> {
    if (trouble?.why !== 'failed') return null;
    const [row] = await tx.db.query<{ log: string | null }[]>(
      `select log from task_report where task_id = $1 and status = 'fail' order by at desc, id desc limit 1`,
      [taskId],
    );
    return row?.log ?? null;
  }

  /** @throws UserError 422 when there is no such product */
  async mustBeProduct(tx: Tx, id: string | null | undefined): Promise<void> {
    if (id === null || id === undefined) return;
    const rows = await tx.db.query<unknown[]>('select 1 from product where id = $1', [id]);
    if (rows.length === 0) throw UserError.invalid('product', `there is no product "${id}"`);
  }

  async reports(taskId: string, limit: number): Promise<TaskReportView[]> {
    const rows = await this.database.query<Report>(
      'select id, status, at, log from task_report where task_id = $1 order by at desc, id desc limit $2',
      [taskId, limit],
    );
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }

  /** At most `batch` reports that nobody needs any more: older than `before`, or behind the newest `kept` of their task. */
  async removeOld(before: Date, kept: number, batch: number): Promise<number> {
    const [row] = await this.database.query<{ n: string }>(
      `with gone as (delete from task_report where id = any(array(
         select id from (
           select id, at, row_number() over (partition by task_id order by at desc, id desc) as place from task_report) r
         where at < $1 or place > $2 limit $3)) returning 1)
       select count(*) as n from gone`,
      [before, kept, batch],
    );
    return Number(row?.n ?? 0);
  }
}

/** What a task reported. */
export interface Report {
  readonly id: string;
  readonly status: Status;
  readonly at: Date;
  readonly log: string | null;
}

function toOwned(row: OwnedRow): OwnedTask {
  return { task: toTask(row), owner: row.owner_now, deputy: row.deputy_now };
}

function toTask(row: Row): Task {
  const { id, version, name, service, owner, deputy, trigger, emits, rhythm, grace, review, url } = row;
  const isDown = row.trouble_why !== null && row.trouble_since !== null && row.trouble_level !== null;
  return {
    ...{ id, version, name, service, owner, deputy, trigger, emits, rhythm, grace, review, url },
    ...{ productId: row.product_id, isRelease: row.is_release, registeredAt: row.registered_at },
    health: {
      ...{ active: row.active, expectedFrom: row.expected_from, lastStatus: row.last_status },
      ...{ lastHeardAt: row.last_heard_at, lastEndAt: row.last_end_at, lastBeganAt: row.last_began_at },
      lastSuccessAt: row.last_success_at,
      ...{ startedAt: row.started_at, troubles: row.troubles },
      trouble: isDown
        ? {
            ...{ number: row.troubles, why: row.trouble_why, since: row.trouble_since, level: row.trouble_level },
            ...{ toldAt: row.trouble_told_at ?? row.trouble_since, expectedBy: row.trouble_expected_by },
          }
        : null,
    },
  };
}
