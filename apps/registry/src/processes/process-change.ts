import {
  apply,
  type AnswerPolicy,
  type ProcessCommand,
  type ProcessEvent,
  type Refusal,
} from '@recert/recertification';
import { type HistoryEntry } from '../history/history-chain';
import { iso, reviewAfter, type Process } from './process';
import { withNextDue, type Calendar } from './process-calendar';

/** How this organisation has set up answers and time. */
export interface Rules {
  readonly policy: AnswerPolicy;
  readonly calendar: Calendar;
}

/** Who changes a process, through which door, and why: what its history rows say. */
export interface Reason {
  readonly at: Date;
  readonly by: string;
  readonly cause: string;
  readonly source: string;
}

/** One process before and after, and what happened to it in between. */
export interface ProcessChange {
  /** Null for a new one. */
  readonly before: Process | null;
  readonly after: Process;
  readonly events: readonly ProcessEvent[];
  readonly reason: Reason;
  /** Who or what wanted a review that is opened by it; null or absent where the calendar did. */
  readonly askedBy?: string | null;
  /** The text of its record, where that is another one now. */
  readonly record?: string | null;
  /** Nothing that anybody else must hear of: only where it stands in the library. */
  readonly quiet?: boolean;
}

/** The process after a command of the domain, with the events that led there, or why the command is refused. */
export type Commanded =
  { readonly after: Process; readonly events: readonly ProcessEvent[] } | { readonly refused: Refusal };

export function command(process: Process, order: ProcessCommand, { policy, calendar }: Rules): Commanded {
  const applied = apply(process.state, order, policy);
  if ('refused' in applied) return applied;
  const { state, events } = applied;
  const after = withNextDue({ ...process, state, review: reviewAfter(process.review, state) }, calendar);
  return { after, events };
}

type Tracked = Readonly<Record<string, string | null>>;

/** The fields whose every change is a row of the history. */
function tracked(process: Process): Tracked {
  const { state } = process;
  return {
    status: state.status,
    certificationDate: iso(state.certification?.at),
    owner: process.owner,
    deputy: process.deputy,
    triggerPeriod: process.triggerPeriod,
    record: state.recordHash,
    name: process.name,
    section: process.section,
    url: process.url,
    documented: String(process.documented),
    product: process.product,
  };
}

/** The rows that a change leaves in the history, one for each field; a new process leaves one, of its status. */
export function historyOf({ before, after, reason, quiet }: ProcessChange): HistoryEntry[] {
  if (quiet) return [];
  const row = (field: string, old: string | null, now: string | null): HistoryEntry => {
    const { at, by, cause, source } = reason;
    return { at, by, processId: after.id, person: null, field, old, new: now, cause, source };
  };
  if (before === null) return [row('status', null, after.state.status)];
  const [was, is] = [tracked(before), tracked(after)];
  const rows = Object.keys(is).flatMap((field) => {
    const [old, now] = [was[field] ?? null, is[field] ?? null];
    return old === now ? [] : [row(field, old, now)];
  });
  return [...rows, ...answersWithoutStatus(before, after, row)];
}

/** "Later" and "not mine" leave the status as it is, and are remembered all the same. */
function answersWithoutStatus(
  before: Process,
  after: Process,
  row: (field: string, old: string | null, now: string | null) => HistoryEntry,
): HistoryEntry[] {
  const rows: HistoryEntry[] = [];
  const [was, is] = [before.review, after.review];
  const until = iso(is?.snoozedUntil);
  if (until !== null && until !== iso(was?.snoozedUntil)) rows.push(row('snoozedUntil', iso(was?.snoozedUntil), until));
  const disowned = is?.disownedBy ?? null;
  if (disowned !== null && disowned !== was?.disownedBy)
    rows.push(row('disownedBy', was?.disownedBy ?? null, disowned));
  return rows;
}
