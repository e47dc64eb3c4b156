import { apply } from './decide-process';
import { evolve } from './evolve-process';
import { openReviewOf, type ProcessCommand, type ProcessEvent } from './process';
import {
  after,
  answer,
  ask,
  certified,
  changeOwner,
  day,
  due,
  edit,
  eventsOf,
  markOverdue,
  overdue,
  policy,
  refusalOf,
  restore,
  retire,
  retired,
  uncertified,
  updating,
  updatingUnasked,
} from './process-examples';

describe('a new process', () => {
  it('is uncertified and has no review', () => {
    expect(uncertified).toEqual({ status: 'uncertified', recordHash: 'h1', certification: null, closedReviewId: null });
    expect(openReviewOf(uncertified)).toBeNull();
  });
});

describe('opening a review', () => {
  it.each([
    ['uncertified', uncertified],
    ['certified', certified],
  ])('makes a process that is %s due', (_status, state) => {
    expect(eventsOf(state, ask(400, 0, 'r2'))).toEqual([
      { type: 'review-opened', at: day(400), reviewId: 'r2', reason: 'period-over', reminder: 0 },
    ]);
  });

  it('keeps the last certification in sight', () => {
    expect(after(ask(0), answer(1, 'correct'), ask(400, 0, 'r2'))).toMatchObject({
      status: 'due',
      certification: { at: day(1) },
      review: { id: 'r2', openedAt: day(400), reminder: 0, snoozedUntil: null, disownedBy: null },
    });
  });

  it('opens with a reminder whose first question was never heard', () => {
    expect(after(ask(3, 1))).toMatchObject({ status: 'due', review: { reminder: 1 } });
  });

  it('is a reminder when the review is open, and ends a snooze', () => {
    expect(after(ask(0), answer(1, 'later'), ask(4, 1, 'r1', 'campaign'))).toMatchObject({
      status: 'due',
      review: { id: 'r1', openedAt: day(0), reminder: 1, reason: 'campaign', snoozedUntil: null },
    });
  });

  it.each([0, 1])('changes nothing when reminder %d is heard after reminder 1', (reminder) => {
    expect(eventsOf(after(ask(0), ask(3, 1)), ask(4, reminder))).toEqual([]);
  });

  it('forgets "not mine" and "later" when somebody promises the update', () => {
    const promised = after(ask(0), answer(1, 'later'), answer(2, 'not-mine'), answer(3, 'needs-update'));
    expect(promised).toMatchObject({ status: 'updating', review: { snoozedUntil: null, disownedBy: null } });
  });

  it('asks once more after an update was promised', () => {
    expect(after(ask(0), answer(1, 'needs-update'), ask(15, 1, 'r1', 'not-updated'))).toMatchObject({
      status: 'due',
      review: { id: 'r1', reminder: 1, reason: 'not-updated' },
    });
  });

  it('does not undo the promise of an update with a reminder that was sent before', () => {
    expect(eventsOf(updating, ask(2, 0))).toEqual([]);
  });

  it('asks somebody who promised an update without having been asked', () => {
    expect(eventsOf(updatingUnasked, ask(15))).toMatchObject([{ type: 'review-opened' }]);
  });

  it('leaves an overdue process overdue, and counts the reminder', () => {
    expect(after(ask(0), markOverdue(14), ask(20, 3))).toMatchObject({
      status: 'overdue',
      since: day(14),
      review: { reminder: 3 },
    });
  });

  it('is refused for the review that was answered last', () => {
    expect(refusalOf(certified, ask(5, 1, 'r1'))).toBe('review-closed');
    expect(refusalOf(after(ask(0), answer(1, 'correct'), ask(9, 0, 'r2')), ask(10, 1, 'r1'))).toBe('review-closed');
  });

  it('is refused for any older review, known by having been said before the last answer', () => {
    const twice = after(ask(0), answer(1, 'correct'), ask(9, 0, 'r2'), answer(12, 'correct', 'r2'));
    const late = (at: Date): ProcessCommand => ({
      type: 'open-review',
      at,
      reviewId: 'r0',
      reason: 'asked',
      reminder: 1,
    });
    expect(refusalOf(twice, late(new Date(day(12).getTime() - 1)))).toBe('review-closed');
    expect(refusalOf(twice, late(day(12)))).toBeNull();
    expect(refusalOf(twice, late(new Date(day(12).getTime() + 1)))).toBeNull();
  });

  it.each([
    ['due', due],
    ['updating', updating],
    ['overdue', overdue],
  ])('is refused while another review is open: %s', (_status, state) => {
    expect(refusalOf(state, ask(20, 0, 'r2'))).toBe('another-review-open');
  });
});

describe('going overdue', () => {
  it('happens to a due process', () => {
    expect(overdue).toMatchObject({ status: 'overdue', since: day(14), review: { id: 'r1' } });
  });

  it('changes nothing a second time, or when an update is promised', () => {
    expect(eventsOf(overdue, markOverdue(21))).toEqual([]);
    expect(eventsOf(updating, markOverdue(14))).toEqual([]);
  });

  it('is refused for a review that is not open', () => {
    for (const state of [uncertified, certified, updatingUnasked]) {
      expect(refusalOf(state, markOverdue(14))).toBe('review-closed');
    }
    expect(refusalOf(due, markOverdue(14, 'r0'))).toBe('review-closed');
  });
});

describe('a changed record', () => {
  it('of a certified process wants a review, and leaves it certified until that opens', () => {
    expect(eventsOf(certified, edit(5, 'h2'))).toEqual([
      { type: 'record-changed', at: day(5), from: 'h1', hash: 'h2' },
      { type: 'review-wanted', at: day(5), reason: 'record-edited' },
    ]);
    expect(after(ask(0), answer(1, 'correct'), edit(5, 'h2'))).toMatchObject({
      status: 'certified',
      recordHash: 'h2',
      certification: { recordHash: 'h1' },
    });
  });

  it('while an update is promised wants the question once more', () => {
    expect(eventsOf(updating, edit(5, 'h2'))).toMatchObject([
      { type: 'record-changed' },
      { type: 'review-wanted', reason: 'record-updated' },
    ]);
  });

  it('that is only changed back while an update is promised wants nothing', () => {
    const changed = after(ask(0), answer(1, 'needs-update'), edit(2, 'h2'));
    expect(eventsOf(changed, edit(3, 'h1'))).toMatchObject([{ type: 'record-changed' }]);
  });

  it.each([
    ['uncertified', uncertified],
    ['due', due],
    ['overdue', overdue],
  ])('wants nothing of a process that is %s', (status, state) => {
    expect(apply(state, edit(5, 'h2'), policy)).toMatchObject({ state: { status, recordHash: 'h2' }, events: [{}] });
    expect(eventsOf(state, edit(5, 'h2'))).toHaveLength(1);
  });

  it('that is the same is no change', () => {
    for (const state of [uncertified, due, updating, overdue, certified])
      expect(eventsOf(state, edit(5, 'h1'))).toEqual([]);
  });
});

describe('a changed owner', () => {
  it.each([
    ['certified', certified],
    ['updating', updating],
  ])('of a process that is %s wants a review', (_status, state) => {
    expect(eventsOf(state, changeOwner(5))).toEqual([{ type: 'review-wanted', at: day(5), reason: 'owner-changed' }]);
  });

  it.each([
    ['due', [ask(0)]],
    ['overdue', [ask(0), markOverdue(14)]],
  ])('of a process that is %s is asked, and what the one before said is forgotten', (status, commands) => {
    const state = after(...commands, answer(15, 'not-mine'), answer(15, 'later'));
    expect(apply(state, changeOwner(16), policy)).toMatchObject({
      state: { status, review: { id: 'r1', disownedBy: null, snoozedUntil: null } },
      events: [{ type: 'reassigned' }, { type: 'review-wanted', reason: 'owner-changed' }],
    });
  });

  it('of an uncertified process changes nothing', () => {
    expect(eventsOf(uncertified, changeOwner(5))).toEqual([]);
  });
});

describe('a record that is gone', () => {
  it('retires the process and closes its review', () => {
    expect(retired).toMatchObject({ status: 'retired', retiredAt: day(1), closedReviewId: 'r1' });
    expect(eventsOf(retired, retire(2))).toEqual([]);
  });

  it('lets nothing happen but its return', () => {
    for (const command of [ask(2), markOverdue(2), edit(2, 'h2'), changeOwner(2)]) {
      expect(refusalOf(retired, command)).toBe('retired');
    }
  });

  it('comes back uncertified: the old certification is not trusted any more', () => {
    const back = after(ask(0), answer(1, 'correct'), retire(2), restore(3, 'h1'));
    expect(back).toEqual({ status: 'uncertified', recordHash: 'h1', certification: null, closedReviewId: 'r1' });
  });

  it('cannot come back when it is not gone', () => {
    for (const state of [uncertified, due, updating, overdue, certified]) {
      expect(refusalOf(state, restore(2, 'h2'))).toBe('not-retired');
    }
  });
});

describe('evolve', () => {
  it('refuses an event that cannot happen in a state', () => {
    const reminded: ProcessEvent = { type: 'reminded', at: day(1), reviewId: 'r1', reason: 'asked', reminder: 1 };
    expect(() => evolve(certified, reminded)).toThrow(/"reminded" of review r1 .* is certified/);
    expect(() => evolve(due, { ...reminded, reviewId: 'r0' })).toThrow(TypeError);
  });
});
