import { type AlertStatus } from '@recert/contracts';
import { type Fields, instantOf, textOf } from '../fields';
import { type Sign } from '../sign';
import { issueFacts, statusOfIssue } from './read-issue';

/** Of an issue that is no outage: why it is news. One that goes on as ever is none. */
const NEWS: ReadonlySet<unknown> = new Set(['new', 'regressed', 'escalating']);

/** What Sentry was asked, and what it answered. */
export interface Polled {
  readonly askedAt: Date;
  /** Until when it had been asked before; null the first time, when only outages are news. */
  readonly since: Date | null;
  readonly unresolved: readonly Fields[];
  /** The issues whose alerts are open here. */
  readonly ours: readonly Fields[];
  /** What is open here, by key. */
  readonly open: ReadonlyMap<string, AlertStatus>;
}

/**
 * Only what no webhook has told: an issue that is open here and over there has ended, and one that is open there and
 * not here has begun.
 */
export function signsOfPoll({ askedAt, since, unresolved, ours, open }: Polled): Sign[] {
  const ended = ours.flatMap((issue): Sign[] => {
    const facts = issueFacts(issue);
    const status = statusOfIssue(issue);
    const isTold = status === 'firing' || (status === 'snoozed' && open.get(facts?.key ?? '') === 'snoozed');
    return facts === null || isTold ? [] : [{ ...facts, status, at: askedAt, by: null }];
  });
  const begun = unresolved.flatMap((issue): Sign[] => {
    const facts = issueFacts(issue);
    if (facts === null || open.has(facts.key) || statusOfIssue(issue) !== 'firing') return [];
    const isOutage = facts.kind === 'uptime' || facts.kind === 'cron';
    const at = instantOf(issue['lastSeen']);
    const isSeen = since === null ? isOutage : at !== null && at >= since && (isOutage || isNews(issue, since));
    return isSeen ? [{ ...facts, status: 'firing', at, by: null }] : [];
  });
  return [...ended, ...begun];
}

/** Whether the list, last seen first, goes on with what may be news. */
export function mayHaveNews(page: readonly Fields[], since: Date | null): boolean {
  const lastSeen = instantOf(page.at(-1)?.['lastSeen']);
  return since === null || lastSeen === null || lastSeen >= since;
}

function isNews(issue: Fields, since: Date): boolean {
  const substatus = textOf(issue['substatus']);
  if (substatus !== null) return NEWS.has(substatus);
  // Older ones have no substatus: what is new was first seen since.
  const firstSeen = instantOf(issue['firstSeen']);
  return firstSeen !== null && firstSeen >= since;
}
