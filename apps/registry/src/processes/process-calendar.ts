import { addPeriods, nextDueAfter, openReviewOf, parsePeriod, type Period } from '@recert/recertification';
import { isTemplate, type Process } from './process';

/** What the organisation has set about time. */
export interface Calendar {
  /** IANA zone in which periods are counted. */
  readonly zone: string;
  /** A new process is asked about after this, or after its own period if that is shorter. */
  readonly firstReviewAfter: Period;
}

const MOST_REMEMBERED = 100;

/** The process with the instant of its next review; null while it is not to be asked about. */
export function withNextDue(process: Process, calendar: Calendar): Process {
  return { ...process, nextDueAt: nextDueOf(process, calendar) };
}

function nextDueOf(process: Process, calendar: Calendar): Date | null {
  const { state, documentedAt } = process;
  if (isTemplate(process)) return null;
  if (!process.documented || documentedAt === null || openReviewOf(state) !== null) return null;
  if (state.status === 'certified') {
    const { at } = state.certification;
    return nextDueAfter(at, periodOf(process), calendar.zone, at);
  }
  if (state.status !== 'uncertified') return null;
  return firstDueOf(documentedAt, process, calendar);
}

const firstDues = new WeakMap<Calendar, Map<string, Date>>();

/** An import asks this of thousands of processes that came at one instant: each answer is computed once. */
function firstDueOf(documentedAt: Date, process: Process, calendar: Calendar): Date {
  const known = firstDues.get(calendar) ?? new Map<string, Date>();
  const key = `${documentedAt.getTime()} ${process.triggerPeriod}`;
  let due = known.get(key);
  if (due === undefined) {
    const { zone, firstReviewAfter } = calendar;
    const first = addPeriods(documentedAt, firstReviewAfter, 1, zone);
    const own = addPeriods(documentedAt, periodOf(process), 1, zone);
    due = own < first ? own : first;
    if (known.size >= MOST_REMEMBERED) known.clear();
    firstDues.set(calendar, known.set(key, due));
  }
  return due;
}

function periodOf({ id, triggerPeriod }: Process): Period {
  const parsed = parsePeriod(triggerPeriod);
  if (!parsed.ok) throw new Error(`The period of ${id} cannot be read: ${parsed.reason}`);
  return parsed.period;
}
