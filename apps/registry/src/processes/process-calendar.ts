import { addPeriods, nextDueAfter, openReviewOf, parsePeriod, type Period } from '@recert/recertification';
import { type Process } from './process';

/** What the organisation has set about time. */
export interface Calendar {
  /** IANA zone in which periods are counted. */
  readonly zone: string;
  /** A new process is asked about after this, or after its own period if that is shorter. */
  readonly firstReviewAfter: Period;
}

/** The process with the instant of its next review; null while it is not to be asked about. */
export function withNextDue(process: Process, calendar: Calendar): Process {
  return { ...process, nextDueAt: nextDueOf(process, calendar) };
}

function nextDueOf(process: Process, { zone, firstReviewAfter }: Calendar): Date | null {
  const { state, documentedAt } = process;
  if (!process.documented || documentedAt === null || openReviewOf(state) !== null) return null;
  const period = periodOf(process);
  if (state.status === 'certified') return nextDueAfter(state.certification.at, period, zone, state.certification.at);
  if (state.status !== 'uncertified') return null;
  const first = addPeriods(documentedAt, firstReviewAfter, 1, zone);
  const own = addPeriods(documentedAt, period, 1, zone);
  return own < first ? own : first;
}

function periodOf({ id, triggerPeriod }: Process): Period {
  const parsed = parsePeriod(triggerPeriod);
  if (!parsed.ok) throw new Error(`The period of ${id} cannot be read: ${parsed.reason}`);
  return parsed.period;
}
