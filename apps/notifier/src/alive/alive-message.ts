/** What the admins read once a week. */
import { dayAndTime, dayText } from '../kpis/week-text';
import { compose, type Message, oneLine } from '../messages/rich-text';
import { rowsTo, type Place } from '../hub/look-button';
import { type AliveFacts } from './alive-facts';

/** Names beyond these are only counted. */
const MOST_NAMES = 5;

/** @param nextAt when the next one is due: who does not read it then knows that something is wrong */
export function aliveMessage(facts: AliveFacts, nextAt: Date, place: Place): Message {
  const lines = [
    servicesLine(facts, place.zone),
    processesLine(facts),
    alertsLine(facts),
    kpisLine(facts),
    troubleLine(facts),
    ...fallbackLines(facts, place.zone),
    '',
    `The next one comes on ${dayAndTime(nextAt, place.zone)}. If it does not, look after me.`,
  ];
  const parts = [{ text: 'I am alive.', style: 'bold' } as const, { text: `\n${lines.join('\n')}` }];
  return { ...compose(parts), buttons: rowsTo(place, '/') };
}

function servicesLine({ services: { up, silent } }: AliveFacts, zone: string): string {
  if (silent.length === 0) return `Services: all ${up.length} are up.`;
  const names = silent.map(({ name, lastAt }) =>
    lastAt === null ? `${name} was never heard` : `${name} is silent since ${dayAndTime(lastAt, zone)}`,
  );
  return `Services: ${up.length} of ${up.length + silent.length} are up; ${names.join(', ')}.`;
}

function processesLine({ processes: p }: AliveFacts): string {
  const counts = [
    [p.overdue, 'overdue'],
    [p.due, 'due'],
    [p.updating, 'being updated'],
    [p.uncertified, 'never certified'],
    [p.unowned, 'without an owner'],
  ] as const;
  const stand = [`${p.certified} certified`, ...counts.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`)];
  return `Processes: ${stand.join(', ')}; ${p.certifiedThisWeek} certified this week.`;
}

function alertsLine({ alerts: { raised, critical, open } }: AliveFacts): string {
  const ofThem = critical === 0 ? '' : `, ${critical} of them critical`;
  return `Alerts: ${raised} this week${ofThem}; ${open} open now.`;
}

function kpisLine({ kpis: { reported, missing } }: AliveFacts): string {
  const total = reported + missing.length;
  if (total === 0) return 'KPIs: no product reports any.';
  if (missing.length === 0) return `KPIs: all ${total} products have reported.`;
  const names = missing.slice(0, MOST_NAMES).map(oneLine).join(', ');
  const more = missing.length > MOST_NAMES ? ` and ${missing.length - MOST_NAMES} more` : '';
  return `KPIs: ${reported} of ${total} products have reported; missing: ${names}${more}.`;
}

function troubleLine({ tasksDown, deadLetters }: AliveFacts): string {
  const tasks = tasksDown === 1 ? '1 task is down' : `${tasksDown === 0 ? 'no' : tasksDown} tasks are down`;
  const letters =
    deadLetters === 1 ? '1 dead letter waits' : `${deadLetters === 0 ? 'no' : deadLetters} dead letters wait`;
  return `Trouble: ${tasks}, ${letters}.`;
}

function fallbackLines({ fallback }: AliveFacts, zone: string): string[] {
  if (fallback.length === 0) return [];
  const ways = fallback.map(({ way, provedAt, isFailing }) => {
    const proved = provedAt === null ? 'has never delivered anything' : `delivered last on ${dayText(provedAt, zone)}`;
    return `${way} ${proved}${isFailing ? ' and FAILS NOW' : ''}`;
  });
  return [`Fallback: ${ways.join('; ')}.`];
}
