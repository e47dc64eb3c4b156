import { aProcess, now, reason, review, rules, states } from '../fixtures/a-process';
import { command, historyOf, type ProcessChange } from './process-change';

const change = (before: ProcessChange['before'], after: ProcessChange['after']): ProcessChange => ({
  before,
  after,
  events: [],
  reason,
});
const fieldsOf = (given: ProcessChange) => historyOf(given).map((row) => [row.field, row.old, row.new]);

describe('what a change leaves in the history', () => {
  it('is one row for a new process', () => {
    expect(historyOf(change(null, aProcess()))).toEqual([
      {
        ...{ at: now, by: 'library', processId: 'baking-mix-dough', person: null, field: 'status', old: null },
        ...{ new: 'uncertified', cause: 'import', source: 'library' },
      },
    ]);
  });

  it('is one row for each field that is another one', () => {
    const before = aProcess();
    const after = aProcess({ owner: null, triggerPeriod: 'P3M', documented: false, state: states.certified });
    expect(fieldsOf(change(before, after))).toEqual([
      ['status', 'uncertified', 'certified'],
      ['certificationDate', null, '2026-05-01T10:00:00.000Z'],
      ['owner', 'ada', null],
      ['triggerPeriod', 'P1Y', 'P3M'],
      ['documented', 'true', 'false'],
    ]);
  });

  it('is nothing where nothing changed, or only its place in the library', () => {
    const before = aProcess();
    expect(historyOf(change(before, { ...before, version: 2 }))).toEqual([]);
    const moved = { ...before, name: 'x', origin: { ...before.origin, position: 7 } };
    expect(historyOf({ ...change(before, moved), quiet: true })).toEqual([]);
  });

  it('remembers "later" and "not mine" though they leave the status as it is', () => {
    const before = aProcess({ state: states.due });
    const until = new Date('2026-11-23T09:00:00.000Z');
    const after = { ...before, review: { ...review, open: true, snoozedUntil: until, disownedBy: 'ada' } };
    expect(fieldsOf(change(before, after))).toEqual([
      ['snoozedUntil', null, '2026-11-23T09:00:00.000Z'],
      ['disownedBy', null, 'ada'],
    ]);
    expect(fieldsOf(change(after, before))).toEqual([]);
  });
});

describe('a process after a command', () => {
  it('has its review closed and its next date set by a certification', () => {
    const before = aProcess({ state: states.due });
    const decided = command(
      before,
      { type: 'respond', at: now, reviewId: null, answer: 'correct', by: 'ada', standing: 'owner', recordOpened: true },
      rules,
    );
    expect(decided).toMatchObject({
      after: {
        state: { status: 'certified', closedReviewId: review.id },
        review: { ...review, open: false },
        nextDueAt: new Date('2027-11-20T09:00:00.000Z'),
      },
    });
  });

  it('is not there where the command is refused', () => {
    const decided = command(aProcess({ state: states.retired }), { type: 'change-owner', at: now }, rules);
    expect(decided).toMatchObject({ refused: { reason: 'retired' } });
  });
});
