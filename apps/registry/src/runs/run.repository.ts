import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type LastSteps, type RunQuery, type StepState } from '@recert/contracts';
import { type TimePlace } from '@recert/service-kit';
import { type KnownStep, type Run } from './run-state';

interface RunRow {
  readonly id: string;
  readonly name: string;
  readonly kind: Run['kind'];
  readonly first_key: string;
  readonly started_at: Date;
  readonly last_at: Date;
  readonly steps: number;
  readonly state: StepState;
  readonly error: string | null;
}

interface StepRow {
  readonly run_id: string;
  readonly key: string;
  readonly kind: KnownStep['kind'];
  readonly name: string;
  readonly cause_id: string | null;
  readonly by: string | null;
  readonly at: Date;
  readonly attempts: number;
  readonly state: StepState;
  readonly took_ms: number | null;
  readonly took_attempt: number;
  readonly error: string | null;
  readonly error_attempt: number;
}

const RUN = { name: 'text', kind: 'text', first_key: 'text', started_at: 'timestamptz', last_at: 'timestamptz' };
const RUN_STATE = { steps: 'int', state: 'text', error: 'text' };
const STEP = { kind: 'text', name: 'text', cause_id: 'text', by: 'text', at: 'timestamptz', attempts: 'int' };
const STEP_STATE = {
  ...{ state: 'text', took_ms: 'float8', took_attempt: 'int', error: 'text', error_attempt: 'int' },
};
const SAVE_RUNS = saveStatement('run', { id: 'text' }, { ...RUN, ...RUN_STATE });
const SAVE_STEPS = saveStatement('run_step', { run_id: 'text', key: 'text' }, { ...STEP, ...STEP_STATE });

/** The tables `run`, `run_step` and `last_step`. */
@Injectable()
export class RunRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** Whoever writes runs does so alone, also where there is no row yet. */
  async lock(tx: Tx): Promise<void> {
    await tx.db.query(`select pg_advisory_xact_lock(hashtextextended('runs', 0))`);
  }

  async find(tx: Tx, ids: readonly string[]): Promise<Run[]> {
    return (await tx.db.query<RunRow[]>('select * from run where id = any($1)', [ids])).map(toRun);
  }

  /** Of these runs, the steps with these keys and all that are not done. */
  async steps(tx: Tx, runIds: readonly string[], keys: readonly string[]): Promise<KnownStep[]> {
    const rows = await tx.db.query<StepRow[]>(
      `select * from run_step where run_id = any($1) and key = any($2)
       union select * from run_step where run_id = any($1) and state <> 'done'`,
      [runIds, keys],
    );
    return rows.map(toStep);
  }

  async save(tx: Tx, runs: readonly Run[], steps: readonly KnownStep[]): Promise<void> {
    await tx.db.query(SAVE_RUNS, [JSON.stringify(runs.map(toRunRow))]);
    await tx.db.query(SAVE_STEPS, [JSON.stringify(steps.map(toStepRow))]);
  }

  /** @param steps of each name one */
  async saveLast(tx: Tx, steps: readonly KnownStep[]): Promise<void> {
    await tx.db.query(
      `insert into last_step as l select * from json_to_recordset($1::json)
         as s(name text, run_id text, at timestamptz, state text) order by name
       on conflict (name) do update set run_id = excluded.run_id, at = excluded.at, state = excluded.state
       where (l.at, l.run_id) <= (excluded.at, excluded.run_id)`,
      [JSON.stringify(steps.map(toStepRow))],
    );
  }

  async page({ state, q, name, limit }: RunQuery, after: TimePlace | null): Promise<Run[]> {
    const rows = await this.database.query<RunRow>(
      `select * from run r where ($1::text is null or state = $1)
         and ($2::text is null or strpos(lower(name), lower($2)) > 0 or strpos(lower(error), lower($2)) > 0 or id = $2
           or id in (select run_id from run_step where key = $2))
         and ($3::text is null or exists (select 1 from run_step s where s.name = $3 and s.run_id = r.id))
         and ($4::timestamptz is null or (started_at, id) < ($4, $5::text))
       order by started_at desc, id desc limit $6`,
      [state ?? null, q ?? null, name ?? null, after?.at ?? null, after?.id ?? null, limit],
    );
    return rows.map(toRun);
  }

  async run(id: string): Promise<Run | null> {
    const [row] = await this.database.query<RunRow>('select * from run where id = $1', [id]);
    return row === undefined ? null : toRun(row);
  }

  /** Earliest first. */
  async stepsOf(id: string, limit: number): Promise<KnownStep[]> {
    const rows = await this.database.query<StepRow>(
      'select * from run_step where run_id = $1 order by at, key limit $2',
      [id, limit],
    );
    return rows.map(toStep);
  }

  async last(): Promise<LastSteps['items']> {
    const rows = await this.database.query<{ name: string; run_id: string; at: Date; state: StepState }>(
      'select * from last_step order by name',
    );
    return rows.map(({ name, run_id, at, state }) => ({ name, runId: run_id, at: at.toISOString(), state }));
  }

  /**
   * Removes, oldest first, what nothing was said of since then, and what is more than so many steps.
   * @returns how many runs were removed
   */
  async removeOld(before: Date, mostSteps: number, limit: number): Promise<number> {
    const rows = await this.database.query<{ n: number }>(
      `with ranked as (
         select id, last_at, sum(steps) over (order by last_at desc, id desc) as steps from run),
       old as (select id from ranked where last_at < $1 or steps > $2 order by last_at, id limit $3),
       steps as (delete from run_step where run_id in (select id from old)),
       gone as (delete from run where id in (select id from old) returning 1)
       select count(*)::int as n from gone`,
      [before, mostSteps, limit],
    );
    return rows[0]?.n ?? 0;
  }

  /** Names that nobody has used since then. */
  async forgetNames(before: Date): Promise<void> {
    await this.database.query('delete from last_step where at < $1', [before]);
  }
}

function saveStatement(table: string, key: Record<string, string>, others: Record<string, string>): string {
  const columns = { ...key, ...others };
  const types = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  const changes = Object.keys(others).map((name) => `${name} = excluded.${name}`);
  return `insert into ${table} (${Object.keys(columns).join(', ')})
    select ${Object.keys(columns).join(', ')} from json_to_recordset($1::json) as r(${types.join(', ')})
    on conflict (${Object.keys(key).join(', ')}) do update set ${changes.join(', ')}`;
}

function toRun({ first_key: firstKey, started_at: startedAt, last_at: lastAt, ...same }: RunRow): Run {
  return { ...same, firstKey, startedAt, lastAt };
}

function toRunRow({ firstKey, startedAt, lastAt, ...same }: Run): RunRow {
  return { ...same, first_key: firstKey, started_at: startedAt, last_at: lastAt };
}

function toStep(row: StepRow): KnownStep {
  const { run_id: runId, cause_id: causeId, took_ms: tookMs, took_attempt, error_attempt, ...same } = row;
  return { ...same, runId, causeId, tookMs, tookAttempt: took_attempt, errorAttempt: error_attempt };
}

function toStepRow({ runId, causeId, tookMs, tookAttempt, errorAttempt, ...same }: KnownStep): StepRow {
  const row = { ...same, run_id: runId, cause_id: causeId, took_ms: tookMs };
  return { ...row, took_attempt: tookAttempt, error_attempt: errorAttempt };
}
