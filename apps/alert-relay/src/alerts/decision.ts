import { type Sign } from '../sources/sign';
import { type Alert, type Level } from './alert';

/** An outage of the same product that is not over. */
export interface Outage {
  readonly id: string;
  readonly startedAt: Date;
}

export interface SignCommand {
  readonly type: 'sign';
  readonly source: string;
  readonly sign: Sign;
  readonly receivedAt: Date;
  readonly productId: string | null;
  /** Of the same product; null when it is up. */
  readonly outage: Outage | null;
}

export type AlertCommand =
  | SignCommand
  | { readonly type: 'acknowledge'; readonly by: string; readonly at: Date }
  /** `until` null: until it recovers. */
  | { readonly type: 'snooze'; readonly by: string; readonly at: Date; readonly until: Date | null }
  | { readonly type: 'resolve'; readonly by: string; readonly at: Date }
  /** The outage that explained it is over. */
  | { readonly type: 'release' }
  | { readonly type: 'tick' };

/** What comes of a command: the alert as it is then, or why nothing changes. */
export type Decision =
  /** `level` is how loudly it is said; the id is another than before where it is a new alert. */
  | { readonly type: 'raised'; readonly alert: Alert; readonly level: Level }
  | { readonly type: 'resolved'; readonly alert: Alert }
  | { readonly type: 'nothing'; readonly reason: string };

export interface Moment {
  readonly now: Date;
  /** The id that a new alert gets. */
  readonly newId: string;
}

export const nothing = (reason: string): Decision => ({ type: 'nothing', reason });

/** When it became so: never later than we heard of it, whatever the clock of the source says. */
export function timeOf({ sign, receivedAt }: SignCommand): Date {
  return sign.at !== null && sign.at < receivedAt ? sign.at : receivedAt;
}

/** What it is after it was said at this level; a change that is not said aloud leaves the last loud one standing. */
export function said(alert: Alert, level: Level, now: Date): Decision {
  const loudness = level > 0 ? { level, saidAt: now } : {};
  return { type: 'raised', alert: { ...alert, version: alert.version + 1, ...loudness }, level };
}

export function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
