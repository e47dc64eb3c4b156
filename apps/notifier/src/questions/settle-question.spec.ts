import { type ProcessRegistered } from '@recert/contracts';
import { knownProcess, OLDER_REVIEW, question, REVIEW } from './question-examples';
import { settle, type Settlement } from './settle-question';

const RESPONSE = '0198c5a2-9b1d-7f7a-8a35-9b7c0d1e2f30';
const review: NonNullable<ProcessRegistered['review']> = {
  id: REVIEW,
  open: true,
  openedAt: '2026-11-21T09:00:00.000Z',
  reason: 'period-over',
  reminder: 0,
  snoozedUntil: null,
  disownedBy: null,
};
const registered = (of: Partial<ProcessRegistered> = {}): ProcessRegistered => ({
  processId: 'deploy-product-releases',
  version: 6,
  name: 'deploy product releases',
  section: null,
  owner: 'ada',
  deputy: 'alan',
  status: 'due',
  documented: true,
  url: null,
  product: null,
  triggerPeriod: 'P1Y',
  certificationDate: null,
  nextDueAt: null,
  updatingSince: null,
  recordHash: null,
  review,
  lastResponse: null,
  ...of,
});
const answered = (
  answer: NonNullable<ProcessRegistered['lastResponse']>['answer'],
  of: Partial<NonNullable<ProcessRegistered['lastResponse']>> = {},
): Partial<ProcessRegistered> => ({
  lastResponse: {
    id: RESPONSE,
    reviewId: REVIEW,
    answer,
    by: 'ada',
    channel: 'telegram',
    at: '2026-11-21T10:00:00.000Z',
    refused: null,
    ...of,
  },
});
const become = (
  of: Partial<ProcessRegistered>,
  asked: Parameters<typeof question>[0] = {},
  before: Parameters<typeof knownProcess>[0] = {},
): Settlement | null =>
  settle(question(asked), {
    before: knownProcess(before),
    now: registered(of),
    nameOf: (handle) => handle.toUpperCase(),
    dayOf: (instant) => instant.toISOString().slice(0, 10),
  });

it('stays while nothing happened to its review', () => {
  expect(become({})).toBeNull();
});

it('knows nothing of what is older than itself', () => {
  expect(become({ status: 'retired', version: 6 }, { version: 7 })).toBeNull();
  expect(become({ status: 'retired', version: 6 }, { version: 6 })).toEqual({ close: 'No longer in the library.' });
});

describe('an answer that was taken', () => {
  const updating = { status: 'updating' as const };

  it('thanks the one who gave it, and tells the others who did', () => {
    expect(become({ ...answered('needs-update'), ...updating })).toEqual({
      close: 'Thank you. Update the record; I ask once more when it has changed.',
    });
    expect(become({ ...answered('needs-update', { by: 'alan' }), ...updating })).toEqual({
      close: 'Answered by ALAN: the record will be updated.',
    });
  });

  it('says until when it is quiet, to the one who asked for it alone', () => {
    const later = { ...answered('later'), review: { ...review, snoozedUntil: '2026-11-24T10:00:00.000Z' } };
    expect(become(later)).toEqual({ close: 'I will ask again on 2026-11-24.' });
    expect(become(later, { recipient: 'alan', role: 'deputy' })).toBeNull();
  });

  it('is passed on when it is not theirs, and the question of others stays', () => {
    expect(become(answered('not-mine'))).toEqual({ close: 'Passed on to the admins.' });
    expect(become(answered('not-mine'), { recipient: 'carol', role: 'admin' })).toBeNull();
  });

  it('certifies when it says that all is well: everybody who was asked sees by whom, and until when', () => {
    const until = {
      status: 'certified',
      review: { ...review, open: false },
      nextDueAt: '2027-11-21T10:00:00.000Z',
    } as const;
    const outcome = { close: 'Certified until 2027-11-21, by ADA.' };
    expect(become({ ...answered('correct'), ...until })).toEqual(outcome);
    expect(become({ ...answered('correct'), ...until }, { recipient: 'alan', role: 'deputy' })).toEqual(outcome);
  });

  it('waits for the certificate when the process is no longer certified, or not until a day', () => {
    const closed = { ...review, open: false };
    expect(become({ ...answered('correct'), status: 'certified', review: closed })).toBeNull();
    const next = { ...review, id: OLDER_REVIEW, openedAt: '2026-11-21T08:00:00.000Z' };
    expect(
      become({ ...answered('correct'), status: 'due', review: next, nextDueAt: '2027-11-21T10:00:00.000Z' }),
    ).toBeNull();
  });

  it('does nothing a second time', () => {
    expect(become({ ...answered('needs-update'), ...updating }, {}, { responseId: RESPONSE })).toBeNull();
  });

  it('does not end a reminder that came after it', () => {
    const then = { ...answered('needs-update'), ...updating, review: { ...review, reminder: 1 } };
    expect(become(then, { reminder: 2 })).toBeNull();
    expect(become(then, { reminder: 1 })).not.toBeNull();
  });
});

describe('an answer that was refused', () => {
  const refused = answered('correct', { refused: 'Change the record first.' });

  it('opens its question again, with the sentence', () => {
    expect(become({ ...refused, status: 'updating' }, { state: 'answered', responseId: RESPONSE })).toEqual({
      reopen: 'Change the record first.',
    });
  });

  it('ends it when there is nothing to answer any more, or not by this person', () => {
    const its = { state: 'answered', responseId: RESPONSE } as const;
    const sentence = { close: 'Change the record first.' };
    expect(become({ ...refused, review: { ...review, open: false } }, its)).toEqual(sentence);
    expect(become({ ...refused, review: { ...review, id: OLDER_REVIEW } }, its)).toEqual(sentence);
    expect(become({ ...refused, owner: 'zoe' }, its)).toEqual(sentence);
  });

  it('says nothing to other questions', () => {
    expect(become(refused, { recipient: 'alan', role: 'deputy' })).toBeNull();
  });
});

describe('another owner', () => {
  it.each([
    ['owner', 'ada'],
    ['deputy', 'alan'],
    ['admin', 'carol'],
  ] as const)('ends the question of the %s', (role, recipient) => {
    expect(become({ owner: 'zoe' }, { role, recipient })).toEqual({ close: 'Now asked of ZOE.' });
  });

  it('keeps the question that the new owner has already', () => {
    expect(become({ owner: 'carol' }, { role: 'admin', recipient: 'carol' })).toBeNull();
  });

  it('is nobody: the former owner is told', () => {
    expect(become({ owner: null })).toEqual({ close: 'It has no owner now; the admins are asked.' });
    expect(become({ owner: null }, { role: 'admin', recipient: 'carol' })).toBeNull();
  });

  it('may be another deputy', () => {
    expect(become({ deputy: 'zoe' }, { role: 'deputy', recipient: 'alan' })).toEqual({ close: 'Now asked of ZOE.' });
    expect(become({ deputy: 'zoe' })).toBeNull();
  });
});

describe('a review that is over', () => {
  it('ends its questions, whatever ended it', () => {
    expect(become({ status: 'uncertified', review: { ...review, open: false } })).toEqual({
      close: 'This question is no longer open.',
    });
  });

  it('was followed by another one', () => {
    const next = { ...review, id: OLDER_REVIEW, openedAt: '2026-11-21T09:00:00.001Z' };
    expect(become({ review: next })).toEqual({ close: 'This question is no longer open.' });
    expect(become({ review: { ...next, openedAt: '2026-11-21T09:00:00.000Z' } })).toBeNull();
  });
});
