import { addPeriods, DAY_MS, type Period } from '@recert/recertification';
import { type DueBy, dueAt } from '../weeks/due-by';
import { addWeeks, type IsoWeek, lastEndedWeek, nextWeek } from '../weeks/iso-week';

/** What the deadlines of a product hang on. */
export interface Deadlines {
  readonly timezone: string;
  readonly dueBy: DueBy;
  /** The first week whose KPIs are expected. */
  readonly expectedFrom: IsoWeek;
  /** How long after they were due the KPIs count as missed; null for no time at all. */
  readonly grace: Period | null;
}

/** What was said of the latest week whose KPIs were missed. */
export interface Said {
  readonly week: IsoWeek;
  readonly ownerAt: Date;
  readonly adminsAt: Date | null;
}

export interface Verdict {
  /** Who has to be told now that the KPIs of the week are missing. */
  readonly tell: 'owner' | 'admins' | null;
  /** When to look again. */
  readonly wakeAt: Date;
}

/** The admins are told that long after the owner was, whatever the calendar does. */
export const ADMINS_AFTER_MS = DAY_MS;

/** The instant from which the KPIs of a week count as missed. */
export function missedAt(week: IsoWeek, { timezone, dueBy, grace }: Omit<Deadlines, 'expectedFrom'>): Date {
  const due = dueAt(week, dueBy, timezone);
  return grace === null ? due : addPeriods(due, grace, 1, timezone);
}

/** The latest week whose KPIs would count as missed by now: after a long downtime, only it is spoken of. */
export function weekInQuestion(deadlines: Deadlines, now: Date): IsoWeek {
  let week = lastEndedWeek(now, deadlines.timezone);
  while (missedAt(week, deadlines) > now) week = addWeeks(week, -1);
  return week;
}

/**
 * What has to be said of a product, and when to look at it again.
 * @param week of {@link weekInQuestion}
 * @param isReported whether anything was reported for it
 * @param said null when nothing was ever said of the product
 */
export function decideSilence(
  deadlines: Deadlines,
  week: IsoWeek,
  isReported: boolean,
  said: Said | null,
  now: Date,
): Verdict {
  const next = nextWeek(week) < deadlines.expectedFrom ? deadlines.expectedFrom : nextWeek(week);
  const nextAt = missedAt(next, deadlines);
  // A later week was spoken of before its deadline was put off.
  const isOver = said !== null && said.week > week;
  if (week < deadlines.expectedFrom || isReported || isOver) return { tell: null, wakeAt: nextAt };
  const heard = said?.week === week ? said : null;
  if (heard?.adminsAt) return { tell: null, wakeAt: nextAt };
  if (heard && now.getTime() >= adminsAt(heard.ownerAt)) return { tell: 'admins', wakeAt: nextAt };
  const untilAdmins = adminsAt(heard?.ownerAt ?? now);
  return { tell: heard ? null : 'owner', wakeAt: new Date(Math.min(untilAdmins, nextAt.getTime())) };
}

function adminsAt(ownerAt: Date): number {
  return ownerAt.getTime() + ADMINS_AFTER_MS;
}
