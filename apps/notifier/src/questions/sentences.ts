/** What people read, in one place. Names are cut so that no sentence grows without end. */
import { type ReviewReason } from '@recert/contracts';
import { cut, oneLine } from '../messages/rich-text';
import { type Escalation, type Question } from './question';

export const SEED_QUESTION = 'Review your process description. Do you need to update it?';
const LONGEST_NAME = 80;

/** How people are called in sentences. */
export type NameOf = (handle: string) => string;

export function shortName(name: string): string {
  return cut(oneLine(name), LONGEST_NAME);
}

/** Says in a sentence or two why somebody is asked. */
export function whySentence(question: Question, nameOf: NameOf, disownedBy: string | null): string {
  if (question.escalation === null) return ownerReasons[question.reason];
  const owner = question.owner === null ? null : nameOf(question.owner);
  const disowner = disownedBy === null ? owner : nameOf(disownedBy);
  return `${whyNotTheOwner(question.escalation, owner, disowner)} ${reasons[question.reason]}`;
}

function whyNotTheOwner(escalation: Escalation, owner: string | null, disowner: string | null): string {
  switch (escalation) {
    case 'no-owner':
      return 'It has no owner.';
    case 'unreachable':
      return `${owner ?? 'Its owner'} cannot be reached over Telegram.`;
    case 'no-answer':
      return owner === null ? 'Nobody has answered in time.' : `${owner} has not answered in time.`;
    case 'not-mine':
      return `${disowner ?? 'Its owner'} says that it is not theirs: name another owner, or answer yourself.`;
  }
}

const reasons: Readonly<Record<ReviewReason, string>> = {
  'first-review': 'It is new in the library and was never certified.',
  'period-over': 'The period since its last certification is over.',
  asked: 'Somebody asked for this review.',
  campaign: 'All processes are being reviewed now.',
  'record-edited': 'Its record was changed after it was certified.',
  'record-updated': 'It was updated. Is it correct now?',
  'owner-changed': 'It has a new owner.',
  'not-updated': 'An update was promised, and its record is still the same.',
  incident: 'Something went wrong with it.',
  reported: 'A reader reported that its record is outdated.',
};

const ownerReasons: Readonly<Record<ReviewReason, string>> = {
  ...reasons,
  'record-updated': 'You updated it. Is it correct now?',
  'owner-changed': 'You are its owner now.',
  'not-updated': 'You wanted to update it, and its record is still the same.',
};

/** What a message says once its question is over. Dates are days of the organisation, such as 2027-11-22. */
export const outcomes = {
  certified: (until: string, by: string): string => `Certified until ${until}, by ${by}.`,
  updating: 'Thank you. Update the record; I ask once more when it has changed.',
  updatingBy: (by: string): string => `Answered by ${by}: the record will be updated.`,
  snoozed: (until: string): string => `I will ask again on ${until}.`,
  disowned: 'Passed on to the admins.',
  nowAskedOf: (owner: string): string => `Now asked of ${owner}.`,
  noOwner: 'It has no owner now; the admins are asked.',
  answeredBy: (by: string): string => `Answered by ${by}.`,
  retired: 'No longer in the library.',
  over: 'This question is no longer open.',
  again: (number: string): string => `Asked again below, as ${number}.`,
} as const;
