/** What people read when a task of the hub is down, and when it is back. */
import { type TaskDown, type TaskRecovered } from '@recert/contracts';
import { durationText } from '../alerts/alert-texts';
import { dayAndTime } from '../kpis/week-text';
import { compose, type Message, oneLine, type Part } from '../messages/rich-text';
import { logPart } from './log-part';
import { type Place, rowsTo } from './look-button';

const HOW: Readonly<Record<TaskRecovered['how'], string>> = {
  success: 'has succeeded again',
  'taken-away': 'is not expected any more',
  changed: 'was changed, and is not late any more',
};

/** @param ownerName null for whoever owns it, and reads this themselves */
export function downMessage(down: TaskDown, { ownerName, place }: { ownerName: string | null; place: Place }): Message {
  const whose = ownerName === null ? '' : `\nIts owner is ${ownerName}.`;
  const parts = [
    nameOf(down),
    { text: whatHappened(down) },
    { text: whenHeard(down, place.zone) },
    ...logPart(down.log),
  ];
  return { ...compose([...parts, { text: whose }]), buttons: rowsTo(place, `/tasks/${down.taskId}`) };
}

/** The same message once the task is back. */
export function recoveredMessage(recovered: TaskRecovered): Message {
  const lastedMs = Math.max(0, Date.parse(recovered.at) - Date.parse(recovered.since));
  const text = ` ${HOW[recovered.how]}.\nIt was down for ${durationText(lastedMs)}.`;
  return { ...compose([nameOf(recovered), { text }]), buttons: [] };
}

function nameOf({ name }: Pick<TaskDown, 'name'>): Part {
  return { text: oneLine(name), style: 'bold', cuttable: true };
}

function whatHappened({ why, owner }: TaskDown): string {
  const nobody = owner === null ? ' (nobody owns it)' : '';
  if (why === 'failed') return ` has failed${nobody}.`;
  return why === 'silent' ? ` did not report${nobody}.` : ` has begun and did not end${nobody}.`;
}

function whenHeard({ expectedBy, lastHeardAt }: TaskDown, zone: string): string {
  const expected = expectedBy === null ? '' : `It was expected by ${dayAndTime(new Date(expectedBy), zone)}; `;
  const heard =
    lastHeardAt === null ? 'nothing was ever heard' : `last heard ${dayAndTime(new Date(lastHeardAt), zone)}`;
  return `\n${expected === '' ? heard.charAt(0).toUpperCase() + heard.slice(1) : expected + heard}.`;
}
