/** What the bot says in conversation. */
import { type Part } from '../../../messages/rich-text';
import { type KnownProcess, type Standing } from '../../../processes/process.repository';
import { shortName } from '../../../questions/sentences';

/** Lines of a list beyond this are only counted. */
const MAX_LINES = 40;

export const HELP = [
  'I ask the owners of processes whether their records are still true, and pass their answers on.',
  '',
  '/due: what waits for your answer',
  '/mine: the processes you own',
  '/status: how the library stands',
  '/login: a link into the console, for you alone',
  '/alerts: the alerts that are open, for admins',
  '/kpis: how the products stand, for admins',
  '/admins here: in a group, that its members hear of alerts and KPIs; /admins off ends it',
].join('\n');

export const ONLY_IN_PRIVATE = 'A group cannot be linked: open this link in a private chat with me.';
export const ADMINS_USAGE = 'Send /admins here in the group that shall hear of alerts and KPIs, or /admins off.';
export const ADMINS_ONLY =
  'Only an admin of Recert who is linked can do this, writing as themselves. Ask one of them to send it.';
export const ADMINS_HERE = 'Alerts and KPIs are told here from now on. /alerts lists what is open.';
export const ADMINS_OFF =
  'Nothing is told here any more. Without another group, each admin hears of things in private.';
export const ADMINS_NOT_HERE = 'Nothing was told here anyway. /admins here changes that.';
export const ADMINS_IN_PRIVATE =
  'Every admin hears of alerts in private until a group is named: send /admins here in it.';
export const UNKNOWN_CODE =
  'I do not know this link. If it is a good one, I link you as soon as I hear of it. It may have been replaced by a newer one: ask an admin.';
export const LOGIN_IN_PRIVATE = 'A link for you alone is not for a group: send me /login in a private chat.';
/** Why somebody who asked for a link into the console gets none. */
export const NO_LOGIN = {
  'no-address':
    'I cannot make a link, since Recert does not know its own address. Ask an admin to set PUBLIC_URL and to start it again.',
  'no-role': 'You have no role in Recert, so there is nothing to see. Ask an admin for one.',
  'too-often': 'I gave you three links within a minute. Use the newest, or ask again in a minute.',
} as const;
export const MOVED_AWAY =
  'Your account in Recert is linked to another Telegram account now. If that was not you, tell an admin at once.';

/** Anybody may know their own id; it is what an admin may need to find them. */
export function ownId(userId: number): string {
  return `Your Telegram id is ${userId}.`;
}

export function howToLink(userId: number): string {
  return `You are not linked to anybody in Recert. ${ownId(userId)} Ask an admin for an invitation link and open it here.`;
}

export function loginLink(name: string, url: string): Part[] {
  return [
    { text: 'This link opens the console, as ' },
    { text: shortName(name), style: 'bold' },
    { text: `. It works once, for five minutes: keep it to yourself.\n\n${url}` },
  ];
}

/** @param mayLogIn whether there is a console to log in to */
export function welcome(
  name: string,
  owned: readonly KnownProcess[],
  dayOf: (instant: Date) => string,
  mayLogIn: boolean,
): Part[] {
  const console = mayLogIn ? '/login gives you a link into the console. ' : '';
  return [
    { text: 'You are linked, as ' },
    { text: shortName(name), style: 'bold' },
    { text: '.\n\n' },
    ...ownedList(owned, dayOf),
    { text: `\n\n${console}/help says what I can do.` },
  ];
}

/** What a person owns, with status and the next date. */
export function ownedList(owned: readonly KnownProcess[], dayOf: (instant: Date) => string): Part[] {
  if (owned.length === 0) return [{ text: 'You own no process.' }];
  const lines = owned.slice(0, MAX_LINES).map((process) => `• ${shortName(process.name)}: ${statusOf(process, dayOf)}`);
  const more = owned.length - lines.length;
  if (more > 0) lines.push(`and ${more} more`);
  const title = owned.length === 1 ? 'You own 1 process:' : `You own ${owned.length} processes:`;
  return [{ text: [title, ...lines].join('\n') }];
}

function statusOf(process: KnownProcess, dayOf: (instant: Date) => string): string {
  if (!process.documented) return 'not written down yet';
  const next = process.nextDueAt === null ? null : dayOf(process.nextDueAt);
  switch (process.status) {
    case 'certified':
      return next === null ? 'certified' : `certified, next due ${next}`;
    case 'uncertified':
      return next === null ? 'never certified' : `never certified, first due ${next}`;
    case 'due':
      return 'due, waits for an answer';
    case 'overdue':
      return 'overdue, waits for an answer';
    case 'updating':
      return 'being updated';
    case 'retired':
      return 'no longer in the library';
  }
}

/** @param all whether the numbers are of the whole library, and so may show what nobody owns */
export function standingText({ byStatus, unowned }: Standing, all: boolean): string {
  const rows: [string, number][] = [
    ['certified', byStatus.get('certified') ?? 0],
    ['due', byStatus.get('due') ?? 0],
    ['overdue', byStatus.get('overdue') ?? 0],
    ['updating', byStatus.get('updating') ?? 0],
    ['never certified', byStatus.get('uncertified') ?? 0],
    ...(all ? [['without an owner', unowned] as [string, number]] : []),
  ];
  return [all ? 'The library:' : 'Your processes:', ...rows.map(([name, n]) => `${n} ${name}`)].join('\n');
}

export function waitingText(count: number, shown: number): string {
  if (count === 0) return 'Nothing waits for your answer.';
  const here =
    count === 1 ? 'One question waits for your answer: here it is.' : `${count} questions wait for your answer.`;
  return shown < count ? `${here} Here are the first ${shown}; send /due again for the next.` : here;
}
