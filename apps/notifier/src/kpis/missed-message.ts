/** What people read when a week's KPIs are missing, and when they came after all. */
import { type KpiMissed } from '@recert/contracts';
import { compose, type Message } from '../messages/rich-text';
import { type NameOf } from '../questions/sentences';
import { productName } from './kpi-message';
import { dayAndTime, dayText, weekNumber } from './week-text';

type Missed = Pick<KpiMissed, 'productId' | 'productName' | 'week' | 'expectedBy'>;

/**
 * @param reader who reads it: the owner, or admins, who are told whose it is
 * @param zone IANA zone in which instants are shown
 */
export function missedMessage(
  missed: KpiMissed,
  { reader, nameOf, zone }: { readonly reader: KpiMissed['level']; readonly nameOf: NameOf; readonly zone: string },
): Message {
  const expected = `They were expected by ${dayAndTime(new Date(missed.expectedBy), zone)}; ${lastHeard(missed, zone)}.`;
  const whose = reader === 'owner' ? '' : ` Its owner is ${nameOf(missed.owner)}.`;
  return toMessage('No KPIs of ', missed, `.\n${expected}${whose}`);
}

/** The same message once the report is there. */
export function arrivedMessage(missed: Missed, receivedAt: Date, zone: string): Message {
  const expected = dayAndTime(new Date(missed.expectedBy), zone);
  const arrived = dayAndTime(receivedAt, zone);
  return toMessage('The KPIs of ', missed, ` arrived on ${arrived}.\nThey were expected by ${expected}.`);
}

function lastHeard({ lastHeardAt, lastWeek }: KpiMissed, zone: string): string {
  if (lastHeardAt === null) return 'nothing was ever heard';
  const week = lastWeek === null ? '' : ` (week ${weekNumber(lastWeek)})`;
  return `last heard on ${dayText(new Date(lastHeardAt), zone)}${week}`;
}

function toMessage(before: string, missed: Missed, after: string): Message {
  const name = { text: productName(missed), style: 'bold' } as const;
  const parts = [{ text: before }, name, { text: ` for week ${weekNumber(missed.week)}${after}` }];
  return { ...compose(parts), buttons: [] };
}
