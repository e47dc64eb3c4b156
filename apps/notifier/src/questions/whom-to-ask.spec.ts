import { type Person } from '../people/person';
import { knownProcess, OLDER_REVIEW, person, REVIEW } from './question-examples';
import { isLate, whenDue, whenOverdue, type Circle } from './whom-to-ask';

const circle = (people: readonly Person[], of: Partial<Circle> = {}): Circle => ({
  people: new Map(people.map((one) => [one.handle, one])),
  admins: ['carol', 'dan'],
  telegram: true,
  ...of,
});
const toAdmins = (escalation: string) => [
  { recipient: 'carol', role: 'admin', escalation },
  { recipient: 'dan', role: 'admin', escalation },
];
const toAda = { recipient: 'ada', role: 'owner', escalation: null };

describe('a process that is due', () => {
  it('is put to its owner alone, who can be reached', () => {
    expect(whenDue('ada', circle([person()]))).toEqual([toAda]);
  });

  it.each([
    ['is not linked', person({ telegram: null })],
    ['was lost', person({ telegram: { userId: 1, chatId: 1, lost: 'blocked' } })],
    ['is switched off', person({ active: false })],
  ])('is put to the admins too when its owner %s', (_why, owner) => {
    expect(whenDue('ada', circle([owner]))).toEqual([toAda, ...toAdmins('unreachable')]);
  });

  it('is put to the admins too when nobody knows its owner', () => {
    expect(whenDue('ada', circle([]))).toEqual([toAda, ...toAdmins('unreachable')]);
  });

  it('is put to the admins when it has no owner', () => {
    expect(whenDue(null, circle([]))).toEqual(toAdmins('no-owner'));
  });

  it('is not put twice to an owner who is an admin', () => {
    const asks = whenDue('carol', circle([]));
    expect(asks.map(({ recipient, role }) => [recipient, role])).toEqual([
      ['carol', 'owner'],
      ['dan', 'admin'],
    ]);
  });

  it('waits in the inbox of an owner without Telegram, where there is no bot', () => {
    expect(whenDue('ada', circle([person({ telegram: null })], { telegram: false }))).toEqual([toAda]);
    expect(whenDue('ada', circle([person({ active: false })], { telegram: false }))).toHaveLength(3);
  });

  it('waits for admins to come where there are none', () => {
    expect(whenDue(null, circle([], { admins: [] }))).toEqual([
      { recipient: 'admins', role: 'admin', escalation: 'no-owner' },
    ]);
    expect(whenDue('ada', circle([], { admins: [] }))).toEqual([toAda]);
  });
});

describe('a process that is overdue', () => {
  const subject = { owner: 'ada', deputy: 'alan' };
  const alan = person({ handle: 'alan' });

  it('is put to the deputy, then to the admins', () => {
    expect(whenOverdue(subject, { level: 'deputy', reason: 'no-answer' }, circle([alan]))).toEqual([
      { recipient: 'alan', role: 'deputy', escalation: 'no-answer' },
    ]);
    expect(whenOverdue(subject, { level: 'admins', reason: 'not-mine' }, circle([alan]))).toEqual(toAdmins('not-mine'));
  });

  it('is put to the admins where the deputy is missing, and to both where the deputy cannot be reached', () => {
    const none = { owner: 'ada', deputy: null };
    expect(whenOverdue(none, { level: 'deputy', reason: 'no-answer' }, circle([]))).toEqual(toAdmins('no-answer'));
    expect(whenOverdue(subject, { level: 'deputy', reason: 'no-answer' }, circle([]))).toHaveLength(3);
  });

  it('is one more reminder to an admin who owns it', () => {
    const own = { owner: 'dan', deputy: null };
    expect(whenOverdue(own, { level: 'admins', reason: 'no-answer' }, circle([]))).toEqual([
      { recipient: 'carol', role: 'admin', escalation: 'no-answer' },
      { recipient: 'dan', role: 'owner', escalation: null },
    ]);
  });
});

describe('what the scheduler says', () => {
  const openedAt = new Date('2026-11-21T09:00:00Z');
  const said = { reviewId: REVIEW, openedAt, reminder: 1 };
  const review = { id: REVIEW, open: true, openedAt, reason: 'period-over' as const, reminder: 1 };

  it.each([
    ['the process is retired', { status: 'retired' as const }],
    ['the process is not written down', { documented: false }],
    ['the review is closed', { review: { ...review, open: false } }],
    ['a later reminder was heard of', { review: { ...review, reminder: 2 } }],
    ['an update was promised since', { status: 'updating' as const, review }],
    ['it was certified since', { certifiedAt: new Date('2026-11-21T09:00:00.001Z') }],
    [
      'another review has followed',
      { review: { ...review, id: OLDER_REVIEW, openedAt: new Date('2026-11-22T09:00:00Z') } },
    ],
  ])('is late when %s', (_what, of) => {
    expect(isLate(knownProcess(of), said)).toBe(true);
  });

  it.each([
    ['nothing is known of a review', {}],
    ['this very reminder was heard of', { review }],
    ['an update was promised before it', { status: 'updating' as const, review: { ...review, reminder: 0 } }],
    ['it was certified when the review was opened', { certifiedAt: openedAt }],
    [
      'the review that is known is an older one',
      { review: { ...review, id: OLDER_REVIEW, openedAt: new Date('2025-11-22T09:00:00Z') } },
    ],
  ])('is not late when %s', (_what, of) => {
    expect(isLate(knownProcess(of), said)).toBe(false);
  });
});
