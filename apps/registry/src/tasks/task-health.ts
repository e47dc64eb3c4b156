/** How a task does: what it reported, when it is late, and what has to be said. Pure: time and rhythm are arguments. */

const MINUTE_MS = 60_000;
/** A second grace lies between telling the owner and telling the admins, within these bounds. */
const SOONEST_MS = 15 * MINUTE_MS;
const LATEST_MS = 24 * 60 * MINUTE_MS;

export type Status = 'start' | 'success' | 'fail';
export type Why = 'silent' | 'failed' | 'unfinished';
export type Level = 'owner' | 'admins';

export interface Trouble {
  /** Successive: a task has one at a time. */
  readonly number: number;
  readonly why: Why;
  readonly since: Date;
  /** Who was told, and when somebody was first: after a downtime of our own that is later than `since`. */
  readonly level: Level;
  readonly toldAt: Date;
  readonly expectedBy: Date | null;
}

export interface TaskHealth {
  readonly active: boolean;
  /** From when on it is expected: its registration, or when its rhythm was changed last. */
  readonly expectedFrom: Date;
  readonly lastStatus: Status | null;
  /** The newest report, whatever it said. */
  readonly lastHeardAt: Date | null;
  /** The newest end of a run, good or bad, and when that run had begun, as far as it said so. */
  readonly lastEndAt: Date | null;
  readonly lastBeganAt: Date | null;
  readonly lastSuccessAt: Date | null;
  /** The run that has begun and not ended. */
  readonly startedAt: Date | null;
  readonly trouble: Trouble | null;
  /** How many there were. */
  readonly troubles: number;
}

/** What is expected of a task. */
export interface Expectation {
  /** When it has to have succeeded again, after it did; null where nothing is expected. */
  readonly next: (after: Date) => Date | null;
  readonly graceMs: number;
  readonly hasOwner: boolean;
}

export type TaskCommand =
  | { readonly type: 'report'; readonly at: Date; readonly status: Status }
  | { readonly type: 'look'; readonly at: Date }
  | { readonly type: 'change'; readonly at: Date }
  | { readonly type: 'retire'; readonly at: Date };

export type TaskEvent =
  | { readonly type: 'down'; readonly trouble: Trouble }
  | { readonly type: 'recovered'; readonly trouble: Trouble; readonly at: Date; readonly how: How };
export type How = 'success' | 'taken-away' | 'changed';

export interface Decided {
  readonly health: TaskHealth;
  readonly events: readonly TaskEvent[];
}

export function newTask(at: Date): TaskHealth {
  return {
    ...{ active: true, expectedFrom: at, lastStatus: null, lastHeardAt: null, lastEndAt: null, lastSuccessAt: null },
    ...{ lastBeganAt: null, startedAt: null, trouble: null, troubles: 0 },
  };
}

type Decide = (health: TaskHealth, expected: Expectation, at: Date) => Decided;

/** Every command and what it does; a report by what it says. */
const TABLE: Readonly<Record<'look' | 'change' | 'retire' | `report ${Status}`, Decide>> = {
  'report start': begin,
  'report success': succeed,
  'report fail': fail,
  look,
  change,
  retire,
};

export function decideTask(health: TaskHealth, expected: Expectation, command: TaskCommand): Decided {
  const rule = command.type === 'report' ? (`report ${command.status}` as const) : command.type;
  return TABLE[rule](health, expected, command.at);
}

/** When it has to be looked at next, if nothing is heard of it until then; null for never. */
export function nextLookAt(health: TaskHealth, expected: Expectation): Date | null {
  if (!health.active) return null;
  if (health.trouble === null) return deadlineOf(health, expected)?.at ?? null;
  return health.trouble.level === 'owner' ? escalationOf(health.trouble, expected) : null;
}

/** By when it has to have reported success, without the grace; null where nothing is expected. */
export function expectedBy(health: TaskHealth, expected: Expectation): Date | null {
  return expected.next(later(health.expectedFrom, health.lastSuccessAt));
}

function begin(health: TaskHealth, _: Expectation, at: Date): Decided {
  const isOld = isBefore(at, health.lastEndAt) || isBefore(at, health.startedAt);
  return { health: { ...heard(health, at, 'start'), startedAt: isOld ? health.startedAt : at }, events: [] };
}

/** What ended before the newest end is kept as a report, and changes nothing. */
function succeed(health: TaskHealth, expected: Expectation, at: Date): Decided {
  if (isBefore(at, health.lastEndAt)) return { health, events: [] };
  const ended = { ...endedAt(heard(health, at, 'success'), at), lastSuccessAt: at };
  return close(ended, expected, at, 'success');
}

function fail(health: TaskHealth, expected: Expectation, at: Date): Decided {
  if (isBefore(at, health.lastEndAt)) return { health, events: [] };
  const ended = endedAt(heard(health, at, 'fail'), at);
  if (!health.active || health.trouble !== null) return { health: ended, events: [] };
  return open(ended, expected, at, { why: 'failed', since: at, expectedBy: expectedBy(health, expected) });
}

function look(health: TaskHealth, expected: Expectation, at: Date): Decided {
  if (!health.active) return { health, events: [] };
  const { trouble } = health;
  if (trouble !== null) {
    const isDue = trouble.level === 'owner' && at >= escalationOf(trouble, expected);
    if (!isDue) return { health, events: [] };
    const raised: Trouble = { ...trouble, level: 'admins' };
    return { health: { ...health, trouble: raised }, events: [{ type: 'down', trouble: raised }] };
  }
  const deadline = deadlineOf(health, expected);
  if (deadline === null || at < deadline.at) return { health, events: [] };
  const since = deadline.at;
  return open(health, expected, at, { why: deadline.why, since, expectedBy: expectedBy(health, expected) });
}

/** Another rhythm or grace, or back from being taken away: it is expected from now on. */
function change(health: TaskHealth, expected: Expectation, at: Date): Decided {
  const changed = { ...health, active: true, expectedFrom: at, startedAt: null };
  // That the last run has failed is as true as before.
  return changed.trouble?.why === 'failed' ? { health: changed, events: [] } : close(changed, expected, at, 'changed');
}

function retire(health: TaskHealth, expected: Expectation, at: Date): Decided {
  return close({ ...health, active: false, startedAt: null }, expected, at, 'taken-away');
}

function open(
  health: TaskHealth,
  { hasOwner }: Expectation,
  toldAt: Date,
  of: Pick<Trouble, 'why' | 'since' | 'expectedBy'>,
): Decided {
  const trouble: Trouble = { ...of, toldAt, number: health.troubles + 1, level: hasOwner ? 'owner' : 'admins' };
  return { health: { ...health, trouble, troubles: trouble.number }, events: [{ type: 'down', trouble }] };
}

function close(health: TaskHealth, _: Expectation, at: Date, how: How): Decided {
  const { trouble } = health;
  if (trouble === null) return { health, events: [] };
  return { health: { ...health, trouble: null }, events: [{ type: 'recovered', trouble, at, how }] };
}

/**
 * A run that has begun is given its grace. One that begins again and again puts the end off once: by then it has not
 * succeeded for a grace longer than one that is silent.
 */
function deadlineOf(health: TaskHealth, expected: Expectation): { at: Date; why: Why } | null {
  const { startedAt } = health;
  const { graceMs } = expected;
  const silentAt = (expectedBy(health, expected)?.getTime() ?? Infinity) + graceMs;
  if (startedAt !== null) {
    return { at: new Date(Math.min(startedAt.getTime() + graceMs, silentAt + graceMs)), why: 'unfinished' };
  }
  return silentAt === Infinity ? null : { at: new Date(silentAt), why: 'silent' };
}

function escalationOf({ toldAt }: Trouble, { graceMs }: Expectation): Date {
  return new Date(toldAt.getTime() + Math.min(Math.max(graceMs, SOONEST_MS), LATEST_MS));
}

function heard(health: TaskHealth, at: Date, status: Status): TaskHealth {
  if (isBefore(at, health.lastHeardAt)) return health;
  return { ...health, lastHeardAt: at, lastStatus: status };
}

function endedAt(health: TaskHealth, at: Date): TaskHealth {
  const isOver = health.startedAt !== null && health.startedAt <= at;
  const lastBeganAt = isOver ? health.startedAt : null;
  return { ...health, lastEndAt: at, lastBeganAt, startedAt: isOver ? null : health.startedAt };
}

function later(a: Date, b: Date | null): Date {
  return b !== null && b > a ? b : a;
}

function isBefore(at: Date, other: Date | null): boolean {
  return other !== null && at < other;
}
