import { decideWake, defaultEscalationPolicy, request, wakeAt, type Emit, type Entry, type Wake } from './escalation';
import { DAY_MS } from './zoned-time';

const policy = defaultEscalationPolicy;
const day = (n: number): Date => new Date(Date.UTC(2026, 0, 1) + n * DAY_MS);
const justBefore = (date: Date): Date => new Date(date.getTime() - 1);

const waiting: Entry = {
  status: 'certified',
  nextDueAt: day(0),
  owned: true,
  hasDeputy: true,
  review: null,
  updatingSince: null,
};
const wake = (entry: Entry, n: number, with_ = policy): Wake => decideWake(entry, day(n), 'r1', with_);
const asked = wake(waiting, 0).entry;
const withReview = (entry: Entry, changes: Partial<NonNullable<Entry['review']>>): Entry => {
  if (!entry.review) throw new Error('There is no review');
  return { ...entry, review: { ...entry.review, ...changes } };
};

/** What is said and when, if somebody looks exactly when told to. */
const story = (entry: Entry, with_ = policy): string[] => {
  const told: string[] = [];
  for (let at = wakeAt(entry, with_), n = 0; at && n < 50; at = wakeAt(entry, with_), n += 1) {
    expect(decideWake(entry, justBefore(at), 'r1', with_)).toEqual({ emit: [], entry });
    const woken = decideWake(entry, at, 'r1', with_);
    for (const emit of woken.emit) told.push(`${(at.getTime() - day(0).getTime()) / DAY_MS}: ${line(emit)}`);
    entry = woken.entry;
  }
  return told;
};
const line = (emit: Emit): string =>
  emit.type === 'due' ? `due ${emit.reason} ${emit.reminder}` : `${emit.level} ${emit.reason}`;
const lines = (woken: Wake): string[] => woken.emit.map(line);

describe('a process whose owner never answers', () => {
  it('is due, reminded on days 3 and 7, goes to the deputy on 14 and to the admins on 21', () => {
    expect(story(waiting)).toEqual([
      '0: due period-over 0',
      '3: due period-over 1',
      '7: due period-over 2',
      '14: deputy no-answer',
      '21: admins no-answer',
    ]);
  });

  it('skips the deputy if there is none', () => {
    expect(story({ ...waiting, hasDeputy: false }).slice(3)).toEqual(['21: admins no-answer']);
  });

  it('skips what the policy leaves out', () => {
    const quiet = { ...policy, reminderDays: [], deputyDay: null, adminsDay: null };
    expect(story(waiting, quiet)).toEqual(['0: due period-over 0']);
    expect(story(waiting, { ...quiet, reminderDays: [1, 30], deputyDay: 20 })).toEqual([
      '0: due period-over 0',
      '1: due period-over 1',
      '20: deputy no-answer',
      '30: due period-over 2',
    ]);
  });

  it('keeps one review, and says when it was due and when it opened', () => {
    const late = wake(waiting, 1);
    expect(late.emit).toEqual([
      { type: 'due', reviewId: 'r1', reason: 'period-over', reminder: 0, dueAt: day(0), openedAt: day(1) },
    ]);
    expect(decideWake(late.entry, day(22), 'r2', policy).emit).toEqual([
      { type: 'overdue', reviewId: 'r1', level: 'admins', reason: 'no-answer', openedAt: day(1) },
    ]);
  });

  it('goes to a deputy who was named after day 14 at once', () => {
    const reminded = wake({ ...asked, hasDeputy: false }, 15).entry;
    expect(lines(wake({ ...reminded, hasDeputy: true }, 16))).toEqual(['deputy no-answer']);
  });
});

describe('the first question', () => {
  it('is a first review when the process was never certified', () => {
    expect(lines(wake({ ...waiting, status: 'uncertified' }, 0))).toEqual(['due first-review 0']);
  });

  it('comes when it is due and not a moment before', () => {
    expect(wakeAt(waiting, policy)).toEqual(day(0));
    expect(decideWake(waiting, justBefore(day(0)), 'r1', policy)).toEqual({ emit: [], entry: waiting });
    expect(decideWake(waiting, day(0), 'r1', policy).emit).toHaveLength(1);
  });

  it('never comes without a due date, to a retired process or to one that has nothing to certify', () => {
    for (const entry of [
      { ...waiting, nextDueAt: null },
      { ...waiting, status: 'retired' as const },
      { ...waiting, status: null },
    ]) {
      expect(wakeAt(entry, policy)).toBeNull();
      expect(wake(entry, 400)).toEqual({ emit: [], entry });
    }
  });
});

describe('after a downtime', () => {
  it.each([
    [2, []],
    [3, ['due period-over 1']],
    [6, ['due period-over 1']],
    [7, ['due period-over 2']],
    [13, ['due period-over 2']],
    [14, ['deputy no-answer']],
    [20, ['deputy no-answer']],
    [21, ['admins no-answer']],
    [400, ['admins no-answer']],
  ])('from day 0 to day %d only the newest thing is said', (n, said) => {
    const woken = wake(asked, n);
    expect(lines(woken)).toEqual(said);
    expect(lines(wake(woken.entry, n))).toEqual([]);
  });

  it('asks once however many periods were missed', () => {
    const woken = wake(waiting, 4000);
    expect(lines(woken)).toEqual(['due period-over 0']);
    expect(wakeAt(woken.entry, policy)).toEqual(day(4003));
  });
});

describe('an owner who said "later"', () => {
  it('is not reminded until then, and then once', () => {
    expect(story(withReview(asked, { snoozedUntil: day(5) }))).toEqual([
      '5: due period-over 1',
      '7: due period-over 2',
      '14: deputy no-answer',
      '21: admins no-answer',
    ]);
  });

  it('is not asked again where the deputy is told in the same moment', () => {
    const woken = wake(withReview(asked, { snoozedUntil: day(14) }), 14);
    expect(lines(woken)).toEqual(['deputy no-answer']);
    expect(wakeAt(woken.entry, policy)).toEqual(day(21));
  });

  it('delays neither the deputy nor the admins', () => {
    expect(story(withReview(asked, { snoozedUntil: day(30) }))).toEqual([
      '14: deputy no-answer',
      '21: admins no-answer',
      '30: due period-over 3',
    ]);
  });
});

describe('an owner who said "not mine"', () => {
  it('sends it to the admins at once, and is not reminded', () => {
    const disowned = withReview(asked, { disowned: true });
    expect(lines(wake(disowned, 1))).toEqual(['admins not-mine']);
    expect(wakeAt(wake(disowned, 1).entry, policy)).toBeNull();
  });

  it('does so even if the policy never tells the admins of a missing answer', () => {
    const with_ = { ...policy, adminsDay: null };
    expect(lines(wake(withReview(asked, { disowned: true }), 1, with_))).toEqual(['admins not-mine']);
  });
});

describe('a process without an owner', () => {
  it('goes to the deputy at once, then to the admins', () => {
    expect(story({ ...waiting, owned: false })).toEqual([
      '0: due period-over 0',
      '0: deputy no-answer',
      '21: admins no-answer',
    ]);
  });

  it('goes to the admins at once if there is no deputy either', () => {
    expect(story({ ...waiting, owned: false, hasDeputy: false })).toEqual([
      '0: due period-over 0',
      '0: admins no-answer',
    ]);
  });
});

describe('an owner who promised an update', () => {
  const updating: Entry = { ...asked, status: 'updating', updatingSince: day(2) };

  it('is left alone for 14 days, and then asked again in the same review, whose days begin anew', () => {
    expect(story(updating)).toEqual([
      '16: due not-updated 1',
      '23: due not-updated 2',
      '30: deputy no-answer',
      '37: admins no-answer',
    ]);
    expect(wake(updating, 16).entry).toMatchObject({
      status: 'due',
      updatingSince: null,
      review: { id: 'r1', openedAt: day(16), told: 'owner' },
    });
  });

  it('is asked in a new review if there was none, however long the process has been due', () => {
    expect(wakeAt({ ...updating, review: null }, policy)).toEqual(day(16));
    expect(wake({ ...updating, review: null }, 16).emit).toMatchObject([{ reason: 'not-updated', reminder: 0 }]);
  });

  it('is asked once more when the record was updated', () => {
    const once = request(updating, 'record-updated', day(20), 'r2', policy);
    expect(once.emit).toMatchObject([{ reviewId: 'r1', reason: 'record-updated', reminder: 1, openedAt: day(20) }]);
    expect(once.entry.status).toBe('due');
    expect(wakeAt(once.entry, policy)).toEqual(day(27));
  });
});

describe('a review that somebody wants now', () => {
  it('opens, due now', () => {
    const woken = request({ ...waiting, nextDueAt: day(300) }, 'asked', day(5), 'r9', policy);
    expect(woken.emit).toEqual([
      { type: 'due', reviewId: 'r9', reason: 'asked', reminder: 0, dueAt: day(5), openedAt: day(5) },
    ]);
    expect(woken.entry).toMatchObject({ status: 'due', review: { id: 'r9', reminder: 0, told: 'owner' } });
  });

  it('is a reminder if one is open, ends a snooze, and takes the place of the next reminder', () => {
    const woken = request(withReview(asked, { snoozedUntil: day(9) }), 'campaign', day(1), 'r9', policy);
    expect(lines(woken)).toEqual(['due campaign 1']);
    expect(woken.emit[0]).toMatchObject({ reviewId: 'r1', openedAt: day(0) });
    expect(wakeAt(woken.entry, policy)).toEqual(day(7));
  });

  it('leaves an overdue process overdue, and goes up the same steps', () => {
    const woken = request(wake(asked, 14).entry, 'asked', day(15), 'r9', policy);
    expect(lines(woken)).toEqual(['due asked 3']);
    expect(woken.entry.status).toBe('overdue');
    expect(wakeAt(woken.entry, policy)).toEqual(day(21));
  });

  it('catches up with what was missed in a downtime in the same breath', () => {
    const woken = request(asked, 'asked', day(22), 'r9', policy);
    expect(lines(woken)).toEqual(['due asked 2', 'admins no-answer']);
    expect(wakeAt(woken.entry, policy)).toBeNull();
  });

  it('gives a new owner all the days again, whoever was told before', () => {
    const disowned = wake(withReview(asked, { disowned: true }), 1).entry;
    const given = request(disowned, 'owner-changed', day(2), 'r9', policy);
    expect(lines(given)).toEqual(['due owner-changed 1']);
    expect(given.entry.review).toMatchObject({ openedAt: day(2), told: 'owner', disowned: false });
    expect(story(given.entry)).toEqual(['9: due owner-changed 2', '16: deputy no-answer', '23: admins no-answer']);
  });

  it('does not begin the reminders anew with the days', () => {
    const given = request(wake(asked, 7).entry, 'owner-changed', day(8), 'r9', policy);
    expect(lines(given)).toEqual(['due owner-changed 3']);
    expect(story(given.entry)).toEqual(['22: deputy no-answer', '29: admins no-answer']);
  });

  it('does not open for a retired process, nor for one that has nothing to certify', () => {
    for (const status of ['retired', null] as const) {
      const entry = { ...waiting, status };
      expect(request(entry, 'asked', day(1), 'r9', policy)).toEqual({ emit: [], entry });
    }
  });
});
