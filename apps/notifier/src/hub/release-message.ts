/** A release as a message. */
import { type ReleaseReported, type ReleaseState } from '@recert/contracts';
import { durationText } from '../alerts/alert-texts';
import { type Button, compose, type Message, oneLine, type Part } from '../messages/rich-text';
import { isPublicAddress } from '../questions/record-link';
import { logPart } from './log-part';

const COMMIT_DIGITS = 7;

const WHAT: Readonly<Record<ReleaseState, string>> = {
  started: 'is being deployed',
  deployed: 'was deployed',
  failed: 'could not be deployed',
  'rolled-back': 'was rolled back',
};

export function releaseMessage(release: ReleaseReported): Message {
  const { state, environment, log } = release;
  const where = environment === null ? '' : ` to ${oneLine(environment)}`;
  const isWrong = state === 'failed' || state === 'rolled-back';
  const parts = [
    ...heading(release),
    { text: ` ${WHAT[state]}${where}.` },
    ...factsOf(release),
    ...(isWrong ? logPart(log) : []),
  ];
  return { ...compose(parts), buttons: buttonsOf(release.url) };
}

/** What the message says once another one says how it ended. */
export function olderReleaseMessage(release: ReleaseReported): Message {
  return { ...compose([...heading(release), { text: ' was being deployed: see below.' }]), buttons: [] };
}

function heading({ name, release }: ReleaseReported): Part[] {
  const title: Part = { text: oneLine(name), style: 'bold', cuttable: true };
  return release === null ? [title] : [title, { text: ` ${oneLine(release)}`, cuttable: true }];
}

function factsOf({ by, commit, startedAt, at, state }: ReleaseReported): Part[] {
  const tookMs = startedAt === null || state === 'started' ? null : Date.parse(at) - Date.parse(startedAt);
  const facts = [
    ...(by === null ? [] : [`by ${oneLine(by)}`]),
    ...(commit === null ? [] : [`commit ${commit.slice(0, COMMIT_DIGITS)}`]),
    ...(tookMs === null || tookMs < 0 ? [] : [`after ${durationText(tookMs)}`]),
  ].join(', ');
  return facts === '' ? [] : [{ text: `\n${facts.charAt(0).toUpperCase()}${facts.slice(1)}.`, cuttable: true }];
}

function buttonsOf(url: string | null): readonly (readonly Button[])[] {
  return url === null || !isPublicAddress(url) ? [] : [[{ text: 'Look', url }]];
}
