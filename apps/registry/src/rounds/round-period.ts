import { type RoundQuery } from '@recert/contracts';
import { UserError } from '@recert/service-kit';

const DEFAULT_MS = 90 * 24 * 60 * 60_000;

/** From when to when a round goes: its start belongs to it, its end to the next one. */
export interface RoundPeriod {
  readonly from: Date;
  readonly to: Date;
}

/** @throws UserError 422 where it would end before it begins */
export function periodOf(query: RoundQuery, now: Date): RoundPeriod {
  const to = query.to === undefined ? now : new Date(query.to);
  const from = query.from === undefined ? new Date(to.getTime() - DEFAULT_MS) : new Date(query.from);
  if (from > to) {
    const end = query.to === undefined ? 'now, which is the end where no `to` is given' : '`to`';
    throw UserError.invalid('from', `${from.toISOString()} is after ${end}: give an earlier one`);
  }
  return { from, to };
}
