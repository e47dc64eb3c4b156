import { follow, forget } from './follow';
import { certifiedUntil, underReview } from './schedule-states';
import { type Schedule } from './schedule';

const DUE = '2026-01-05T09:00:00.000Z';
const ID = '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10';
const OTHER = '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d11';
const at = (text: string): Date => new Date(text);

const opened: Schedule = {
  ...follow(null, certifiedUntil(DUE)),
  status: 'due',
  review: {
    id: ID,
    openedAt: at(DUE),
    reason: 'period-over',
    reminder: 1,
    told: 'owner',
    snoozedUntil: null,
    disowned: false,
  },
};

describe('following the registry', () => {
  it('takes a new process as it is', () => {
    expect(follow(null, certifiedUntil(DUE))).toEqual({
      processId: 'hiring-evaluate-candidates',
      version: 1,
      name: 'evaluate candidates',
      section: 'product maintenance',
      owner: 'ada',
      deputy: 'alan',
      url: 'https://example.org/processes.md#deploy-product-releases',
      documented: true,
      status: 'certified',
      nextDueAt: at(DUE),
      updatingSince: null,
      review: null,
      endedPromise: null,
      endedSnooze: null,
    });
  });

  it('keeps its open review through a state from before the registry heard of it, with the new owner', () => {
    const next = follow(opened, certifiedUntil(DUE, { version: 2, owner: 'grace', deputy: null }));
    expect(next).toMatchObject({ version: 2, owner: 'grace', deputy: null, status: 'due', review: opened.review });
  });

  it('keeps its open review through a state that shows the one before, closed', () => {
    const before = underReview({ id: OTHER, openedAt: '2025-01-01T09:00:00.000Z', open: false });
    expect(follow(opened, { ...before, status: 'certified' })).toMatchObject({ status: 'due', review: opened.review });
  });

  it('takes status, snooze and "not mine" from a state that knows the review, and keeps what it counted itself', () => {
    const snoozedUntil = '2026-01-12T09:00:00.000Z';
    const known = underReview({ id: ID, openedAt: DUE, snoozedUntil, disownedBy: 'ada' }, { status: 'overdue' });
    expect(follow(opened, known)).toMatchObject({
      status: 'overdue',
      review: { id: ID, reminder: 1, told: 'owner', snoozedUntil: at(snoozedUntil), disowned: true },
    });
  });

  it('closes its review when a state shows it closed', () => {
    const closed = underReview(
      { id: ID, openedAt: DUE, open: false },
      { status: 'certified', nextDueAt: '2027-01-05T09:00:00.000Z' },
    );
    expect(follow(opened, closed)).toMatchObject({
      status: 'certified',
      review: null,
      nextDueAt: at('2027-01-05T09:00:00.000Z'),
    });
  });

  it.each([
    ['keeps', 'before it opened', '2026-01-05T08:59:59.999Z', ID],
    ['keeps', 'at the same instant', '2026-01-05T09:00:00.000Z', ID],
    ['gives up', 'after it opened', '2026-01-05T09:00:00.001Z', undefined],
  ])('%s a review the registry has not heard of when the process was certified %s', (_what, _when, date, left) => {
    const certified = certifiedUntil('2027-01-05T09:00:00.000Z', { version: 2, certificationDate: date });
    expect(follow(opened, certified).review?.id).toBe(left);
  });

  it('gives up a review that the registry refuses because the record is gone', () => {
    const bare = certifiedUntil(DUE, { version: 2, documented: false, nextDueAt: null });
    expect(follow(opened, bare)).toMatchObject({ documented: false, review: null });
  });

  it('follows a review that it does not know, as after a loss of its own data', () => {
    const next = follow(null, underReview({ id: OTHER, openedAt: DUE, reason: 'asked', reminder: 2 }));
    const from = {
      openedAt: at(DUE),
      reason: 'asked',
      reminder: 2,
      told: 'owner',
      snoozedUntil: null,
      disowned: false,
    };
    expect(next).toMatchObject({ status: 'due', review: { id: OTHER, ...from } });
  });

  it('prefers the review that the registry has open to its own', () => {
    expect(follow(opened, underReview({ id: OTHER, openedAt: DUE })).review?.id).toBe(OTHER);
  });

  it('does not take up a promise again that a question of its own has ended', () => {
    const since = '2026-01-06T09:00:00.000Z';
    const promise = underReview({ id: ID, openedAt: DUE }, { status: 'updating', updatingSince: since });
    expect(follow(opened, promise)).toMatchObject({ status: 'updating', updatingSince: at(since) });
    expect(follow({ ...opened, endedPromise: at(since) }, promise)).toMatchObject({
      status: 'due',
      updatingSince: null,
    });
    const later = { ...promise, updatingSince: '2026-01-06T09:00:00.001Z' };
    expect(follow({ ...opened, endedPromise: at(since) }, later)).toMatchObject({ status: 'updating' });
  });

  it('does not take up a snooze again that a question of its own has ended', () => {
    const snoozedUntil = '2026-01-12T09:00:00.000Z';
    const snoozed = underReview({ id: ID, openedAt: DUE, snoozedUntil, disownedBy: 'ada' });
    const next = follow({ ...opened, endedSnooze: at(snoozedUntil) }, snoozed);
    expect(next.review).toMatchObject({ snoozedUntil: null, disowned: true });
  });

  it('has nothing left to ask about a process that is retired, by either event', () => {
    const state = certifiedUntil(DUE, { version: 2, status: 'retired', nextDueAt: null });
    const retired = { processId: state.processId, version: 2, name: state.name, owner: 'ada', retiredAt: DUE };
    const nothing = { status: 'retired', review: null, nextDueAt: null, updatingSince: null, version: 2 };
    expect(follow(opened, state)).toMatchObject(nothing);
    expect(forget(opened, retired)).toMatchObject(nothing);
    expect(forget(null, retired)).toMatchObject({ ...nothing, processId: state.processId, documented: false });
  });
});
