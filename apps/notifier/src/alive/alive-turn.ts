/** When "I am alive" is said: pure, time is an argument. */
import { toWallTime, type WeekTime, weekTimeAfter } from '@recert/recertification';

/** What is kept of it. */
export interface AliveTurn {
  /** By which setting `nextAt` was reckoned. */
  readonly setting: string;
  readonly nextAt: Date;
  /** Null before the first. */
  readonly saidAt: Date | null;
}

/** As what a setting is kept: another day, another zone, and the next turn is reckoned anew. */
export function settingOf({ weekday, hour, minute }: WeekTime, zone: string): string {
  return `${weekday} ${hour}:${minute} ${zone}`;
}

/**
 * The turn as it has to be from now on. One that was missed stays, and is said late once, whatever the setting is by now.
 * @returns the same object where it is right
 */
export function turnFor(known: AliveTurn | null, time: WeekTime, zone: string, now: Date): AliveTurn {
  const setting = settingOf(time, zone);
  if (known !== null && (known.setting === setting || known.nextAt <= now)) return known;
  return { setting, nextAt: weekTimeAfter(now, time, zone), saidAt: known?.saidAt ?? null };
}

/** The turn after it was said. However many were missed, the next one lies ahead. */
export function turnAfter(time: WeekTime, zone: string, now: Date): AliveTurn {
  return { setting: settingOf(time, zone), nextAt: weekTimeAfter(now, time, zone), saidAt: now };
}

/** Whether it goes through the fallback, too: the first one of each month, so that a fallback that is broken is noticed. */
export function isFirstOfMonth({ saidAt }: AliveTurn, now: Date, zone: string): boolean {
  if (saidAt === null) return true;
  const [last, today] = [toWallTime(saidAt, zone), toWallTime(now, zone)];
  return last.month !== today.month || last.year !== today.year;
}
