import { apply } from './decide-process';
import { openReviewOf, type Answer } from './process';
import {
  after,
  answer,
  ask,
  certified,
  day,
  due,
  edit,
  eventsOf,
  overdue,
  policy,
  refusalOf,
  retired,
  uncertified,
  updating,
  updatingUnasked,
} from './process-examples';

describe('the answer "correct"', () => {
  it.each([
    ['due', due],
    ['overdue', overdue],
  ])('certifies a process that is %s', (_status, state) => {
    const certification = { at: day(20), by: 'ann', recordHash: 'h1', reviewId: 'r1', recordOpened: true };
    expect(eventsOf(state, answer(20, 'correct'))).toEqual([{ type: 'certified', at: day(20), certification }]);
  });

  it('closes the review', () => {
    expect(certified).toMatchObject({ status: 'certified', closedReviewId: 'r1', certification: { at: day(1) } });
    expect(openReviewOf(certified)).toBeNull();
  });

  it('certifies a process nobody has asked about, without a review', () => {
    expect(after(answer(1, 'correct', null))).toMatchObject({
      status: 'certified',
      closedReviewId: null,
      certification: { reviewId: null },
    });
  });

  it('answers the open question when it comes another way', () => {
    expect(after(ask(0), answer(1, 'correct', null))).toMatchObject({ closedReviewId: 'r1' });
  });

  it('certifies the record as it is now, edited after the question', () => {
    expect(after(ask(0), edit(1, 'h2'), answer(2, 'correct'))).toMatchObject({ certification: { recordHash: 'h2' } });
  });

  it('is refused after "yes" until the record is another', () => {
    expect(refusalOf(updating, answer(2, 'correct'))).toBe('record-unchanged');
    expect(refusalOf(updatingUnasked, answer(2, 'correct', null))).toBe('record-unchanged');
  });

  it('is refused after "yes" when the record was changed and changed back', () => {
    const back = after(ask(0), answer(1, 'needs-update'), edit(2, 'h2'), edit(3, 'h1'));
    expect(refusalOf(back, answer(4, 'correct'))).toBe('record-unchanged');
  });

  it('certifies after "yes" once the record is another', () => {
    const done = after(ask(0), answer(1, 'needs-update'), edit(2, 'h2'), answer(3, 'correct'));
    expect(done).toMatchObject({ status: 'certified', certification: { recordHash: 'h2', reviewId: 'r1' } });
  });
});

describe('the answer "needs update"', () => {
  it.each([
    ['due', due],
    ['overdue', overdue],
  ])('makes a process that is %s updating, and remembers the record as it was', (_status, state) => {
    const result = apply(state, answer(20, 'needs-update'), policy);
    expect(result).toMatchObject({
      state: { status: 'updating', hashThen: 'h1', since: day(20), review: { id: 'r1' } },
    });
  });

  it('needs no review on a process nobody has asked about', () => {
    expect(updatingUnasked).toMatchObject({ status: 'updating', review: null, hashThen: 'h1' });
  });

  it('changes nothing when it was given already', () => {
    expect(eventsOf(updating, answer(2, 'needs-update'))).toEqual([]);
  });
});

describe('the answers "not mine" and "later"', () => {
  it.each([
    ['due', due],
    ['overdue', overdue],
  ])('leave a process that is %s as it is, and remember who and until when', (status, state) => {
    expect(apply(state, answer(20, 'not-mine'), policy)).toMatchObject({
      state: { status, review: { disownedBy: 'ann' } },
    });
    expect(apply(state, answer(20, 'later'), policy)).toMatchObject({
      state: { status, review: { snoozedUntil: day(23) } },
    });
  });

  it.each([
    ['uncertified', uncertified, null],
    ['updating', updating, 'r1'],
  ])('are refused while nothing is asked: %s', (_status, state, reviewId) => {
    expect(refusalOf(state, answer(2, 'not-mine', reviewId))).toBe('nothing-to-answer');
    expect(refusalOf(state, answer(2, 'later', reviewId))).toBe('nothing-to-answer');
  });
});

describe('any answer', () => {
  const answers: Answer[] = ['correct', 'needs-update', 'not-mine', 'later'];
  const states = { uncertified, due, updating, overdue, certified, retired };

  it.each(answers)('"%s" of a stranger is refused whatever the process is', (what) => {
    for (const state of Object.values(states))
      expect(refusalOf(state, answer(2, what, null, 'stranger'))).toBe('not-yours');
  });

  it.each(['owner', 'deputy', 'admin'] as const)('counts when it comes from the %s', (standing) => {
    expect(eventsOf(due, answer(2, 'correct', 'r1', standing))).toMatchObject([{ type: 'certified' }]);
  });

  it.each(answers)('"%s" to a question that is not the open one is refused', (what) => {
    for (const state of [uncertified, due, updating, overdue, certified]) {
      expect(refusalOf(state, answer(2, what, 'r0'))).toBe('stale-question');
    }
    expect(refusalOf(updatingUnasked, answer(2, what, 'r1'))).toBe('stale-question');
  });

  it.each(answers)('"%s" is refused when the process is certified or retired', (what) => {
    expect(refusalOf(certified, answer(2, what, null))).toBe('nothing-to-answer');
    expect(refusalOf(retired, answer(2, what))).toBe('retired');
  });
});
