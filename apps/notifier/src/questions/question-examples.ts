/** Questions and people for the unit tests of this folder. */
import { type Person } from '../people/person';
import { type KnownProcess } from '../processes/process.repository';
import { type Question } from './question';

export const REVIEW = '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10';
export const OLDER_REVIEW = '0198c5a2-0000-7c3e-9a70-3c1f5b9e2d10';

export function question(of: Partial<Question> = {}): Question {
  return {
    number: 12,
    reviewId: REVIEW,
    processId: 'deploy-product-releases',
    recipient: 'ada',
    role: 'owner',
    reason: 'period-over',
    escalation: null,
    reminder: 0,
    dueAt: new Date('2026-11-21T09:00:00Z'),
    version: 1,
    name: 'deploy product releases',
    section: 'product maintenance',
    url: 'https://example.org/processes.md#deploy',
    owner: 'ada',
    state: 'asked',
    place: null,
    createdAt: new Date('2026-11-21T09:00:00Z'),
    askedAt: new Date('2026-11-21T09:00:00Z'),
    linkCode: 'AAAAAAAAAAAAAAAAAAAAAA',
    linkMeasured: false,
    openedAt: null,
    answer: null,
    responseId: null,
    ...of,
  };
}

export function person(of: Partial<Person> = {}): Person {
  return {
    handle: 'ada',
    version: 1,
    name: 'Ada',
    roles: ['owner'],
    active: true,
    invitation: null,
    usedHash: null,
    telegram: { userId: 1, chatId: 1, lost: null },
    notice: { digest: 0, lastAt: null, nextAt: null, gatherUntil: null },
    ...of,
  };
}

export function knownProcess(of: Partial<KnownProcess> = {}): KnownProcess {
  return {
    id: 'deploy-product-releases',
    version: 5,
    name: 'deploy product releases',
    section: 'product maintenance',
    owner: 'ada',
    deputy: 'alan',
    status: 'due',
    documented: true,
    url: null,
    certifiedAt: null,
    nextDueAt: null,
    review: null,
    disownedBy: null,
    responseId: null,
    ...of,
  };
}
