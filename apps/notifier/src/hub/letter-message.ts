/** Dead letters as a message, and its button. */
import { compose, type Message, oneLine, type Part } from '../messages/rich-text';
import { type LetterGroup, type PressedReplay } from './letter.repository';
import { rowsTo, type Place } from './look-button';

/** `nonce:replay` as it comes back from a chat. */
export const REPLAY_BUTTON = /^([A-Za-z0-9_-]{22}):replay$/;
const LONGEST_REASON = 700;

export function letterMessage(group: LetterGroup, place: Place): Message {
  if (group.isOver) return { ...compose(overParts(group)), buttons: [] };
  const { total, open, reason, nonce, wantedBy } = group;
  const settled = total - open;
  const parts: Part[] = [
    { text: letters(open), style: 'bold' },
    { text: ` of ${ruleOf(group)} (${oneLine(group.service)}): ` },
    { text: oneLine(reason.slice(0, LONGEST_REASON)), cuttable: true },
    ...(settled === 0 ? [] : [{ text: `\n${settled} more ${settled === 1 ? 'is' : 'are'} handled by now.` }]),
    { text: wantedBy === null ? '\nMend what caused it, and then replay.' : `\n${wantedBy} has replayed it last.` },
  ];
  const buttons = [[{ text: open === 1 ? 'Replay' : `Replay ${open}`, data: `${nonce}:replay` }]];
  return { ...compose(parts), buttons: [...buttons, ...rowsTo(place, '/dead-letters')] };
}

function overParts(group: LetterGroup): Part[] {
  const { total, wantedBy } = group;
  const by = wantedBy === null ? '' : `, replayed by ${wantedBy}`;
  return [
    { text: letters(total), style: 'bold' },
    { text: ` of ${ruleOf(group)} (${oneLine(group.service)}) ${total === 1 ? 'is' : 'are'} handled${by}.` },
  ];
}

function letters(count: number): string {
  return count === 1 ? '1 dead letter' : `${count} dead letters`;
}

/** The rule without the name of its service: `open review when process is due`. */
function ruleOf({ service, consumer }: LetterGroup): string {
  const rule = consumer.startsWith(`${service}.`) ? consumer.slice(service.length + 1) : consumer;
  return oneLine(rule.replaceAll('-', ' '));
}

/** @returns null when the press counts, else the sentence that says why it does not */
export function refusalOfReplay({ group, presser }: PressedReplay): string | null {
  if (presser === null) return 'Only people who are linked in Recert can do this. Ask an admin for an invitation link.';
  if (!presser.isActive) return 'You are switched off in Recert, so this cannot be taken. Ask an admin.';
  if (!presser.isAdmin) return 'Only admins can do this.';
  return group.isOver || group.open === 0 ? 'They are handled already.' : null;
}
