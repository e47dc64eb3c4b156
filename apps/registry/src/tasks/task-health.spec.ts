import fc from 'fast-check';
import {
  decideTask,
  expectedBy,
  newTask,
  nextLookAt,
  type Expectation,
  type Status,
  type TaskCommand,
  type TaskEvent,
  type TaskHealth,
} from './task-health';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const t = (ms: number): Date => new Date(Date.UTC(2026, 10, 27) + ms);
/** Every day, with an hour of grace. */
const daily: Expectation = { next: (after) => new Date(after.getTime() + 24 * HOUR), graceMs: HOUR, hasOwner: true };
const unexpected: Expectation = { ...daily, next: () => null };

class Life {
  readonly said: TaskEvent[] = [];
  constructor(
    readonly expected: Expectation = daily,
    public health: TaskHealth = newTask(t(0)),
  ) {}
  do(command: TaskCommand): this {
    const { health, events } = decideTask(this.health, this.expected, command);
    this.health = health;
    this.said.push(...events);
    return this;
  }
  report(status: Status, ms: number): this {
    return this.do({ type: 'report', status, at: t(ms) });
  }
  look(ms: number): this {
    return this.do({ type: 'look', at: t(ms) });
  }
  /** `down owner silent`, `recovered success`, in order. */
  get words(): string[] {
    return this.said.map((event) =>
      event.type === 'down' ? `down ${event.trouble.level} ${event.trouble.why}` : `recovered ${event.how}`,
    );
  }
}

describe('a task that is expected', () => {
  it('is down when its grace is over, and not a moment sooner', () => {
    expect(new Life().look(25 * HOUR - 1).words).toEqual([]);
    expect(new Life().look(25 * HOUR).words).toEqual(['down owner silent']);
    expect(nextLookAt(newTask(t(0)), daily)).toEqual(t(25 * HOUR));
    expect(expectedBy(newTask(t(0)), daily)).toEqual(t(24 * HOUR));
  });

  it('is expected again from its last success', () => {
    const life = new Life().report('success', 10 * HOUR);
    expect(nextLookAt(life.health, daily)).toEqual(t(35 * HOUR));
    expect(life.look(35 * HOUR - 1).words).toEqual([]);
    expect(life.look(35 * HOUR).said[0]).toMatchObject({ trouble: { since: t(35 * HOUR), expectedBy: t(34 * HOUR) } });
  });

  it('is told to the admins after another grace, once', () => {
    const life = new Life().look(25 * HOUR).look(26 * HOUR - 1);
    expect(life.words).toEqual(['down owner silent']);
    expect(nextLookAt(life.health, daily)).toEqual(t(26 * HOUR));
    expect(life.look(26 * HOUR).look(40 * HOUR).words).toEqual(['down owner silent', 'down admins silent']);
    expect(nextLookAt(life.health, daily)).toBeNull();
  });

  it('is told to the admins a grace after its owner was, also where that was late', () => {
    const life = new Life().look(40 * HOUR);
    expect(life.said[0]).toMatchObject({ trouble: { since: t(25 * HOUR), toldAt: t(40 * HOUR) } });
    expect(life.look(41 * HOUR - 1).words).toHaveLength(1);
    expect(life.look(41 * HOUR).words).toEqual(['down owner silent', 'down admins silent']);
  });

  it.each([
    ['a quarter of an hour at least', MINUTE, 15 * MINUTE],
    ['a day at most', 48 * HOUR, 24 * HOUR],
  ])('is told to the admins after %s', (_what, graceMs, afterMs) => {
    const life = new Life({ ...daily, graceMs }).look(24 * HOUR + graceMs);
    expect(nextLookAt(life.health, life.expected)).toEqual(t(24 * HOUR + graceMs + afterMs));
  });

  it('that nobody owns is told to the admins at once', () => {
    expect(new Life({ ...daily, hasOwner: false }).look(25 * HOUR).words).toEqual(['down admins silent']);
  });

  it('closes itself when it is back, and may be down again under the next number', () => {
    const life = new Life()
      .look(25 * HOUR)
      .report('success', 30 * HOUR)
      .look(55 * HOUR);
    expect(life.words).toEqual(['down owner silent', 'recovered success', 'down owner silent']);
    expect(life.said.map(({ trouble }) => trouble.number)).toEqual([1, 1, 2]);
  });
});

describe('a task that has failed', () => {
  it('is down at once, and says nothing again while it goes on failing', () => {
    const life = new Life()
      .report('fail', HOUR)
      .report('fail', 2 * HOUR)
      .report('start', 3 * HOUR);
    expect(life.words).toEqual(['down owner failed']);
    expect(life.report('success', 4 * HOUR).words).toEqual(['down owner failed', 'recovered success']);
  });

  it('is down also where nothing is expected of it', () => {
    expect(new Life(unexpected).report('fail', HOUR).words).toEqual(['down owner failed']);
    expect(nextLookAt(new Life(unexpected).report('success', HOUR).health, unexpected)).toBeNull();
  });

  it('is as it was, whatever is heard late', () => {
    const life = new Life().report('success', 5 * HOUR).report('fail', 4 * HOUR);
    expect(life.words).toEqual([]);
    const down = new Life().report('fail', 5 * HOUR).report('success', 4 * HOUR);
    expect(down.words).toEqual(['down owner failed']);
    expect(down.health.lastStatus).toBe('fail');
  });
});

describe('a run that does not end', () => {
  it('is down after its grace, and not a moment sooner', () => {
    const life = new Life().report('start', 24 * HOUR);
    expect(nextLookAt(life.health, daily)).toEqual(t(25 * HOUR));
    expect(life.look(25 * HOUR - 1).words).toEqual([]);
    expect(life.look(25 * HOUR).words).toEqual(['down owner unfinished']);
    const once = new Life(unexpected).report('start', 0);
    expect(once.look(HOUR - 1).words).toEqual([]);
    expect(once.look(HOUR).words).toEqual(['down owner unfinished']);
  });

  it('is not hidden by starting again and again', () => {
    const life = new Life();
    for (let minute = 0; minute < 26 * 60; minute += 30) life.report('start', minute * MINUTE).look(minute * MINUTE);
    expect(nextLookAt(life.health, daily)).toEqual(t(26 * HOUR));
    expect(life.look(26 * HOUR - 1).words).toEqual([]);
    expect(life.look(26 * HOUR).words).toEqual(['down owner unfinished']);
  });

  it('is no trouble once it has ended, also where its start is heard after its end', () => {
    const life = new Life(unexpected).report('start', 0).report('success', MINUTE);
    expect(nextLookAt(life.health, unexpected)).toBeNull();
    const late = new Life(unexpected).report('success', MINUTE).report('start', 0);
    expect(nextLookAt(late.health, unexpected)).toBeNull();
  });
});

describe('a task that is changed or taken away', () => {
  it('is expected from then on', () => {
    const life = new Life().do({ type: 'change', at: t(20 * HOUR) });
    expect(nextLookAt(life.health, daily)).toEqual(t(45 * HOUR));
  });

  it('is not late any more, but has still failed', () => {
    expect(new Life().look(25 * HOUR).do({ type: 'change', at: t(26 * HOUR) }).words).toEqual([
      'down owner silent',
      'recovered changed',
    ]);
    expect(new Life().report('fail', HOUR).do({ type: 'change', at: t(2 * HOUR) }).words).toEqual([
      'down owner failed',
    ]);
  });

  it('says nothing more once it is away, and is expected again when it is back', () => {
    const life = new Life().look(25 * HOUR).do({ type: 'retire', at: t(26 * HOUR) });
    expect(life.words).toEqual(['down owner silent', 'recovered taken-away']);
    life.look(90 * HOUR).report('fail', 91 * HOUR);
    expect(life.words).toHaveLength(2);
    expect(nextLookAt(life.health, daily)).toBeNull();
    life.do({ type: 'change', at: t(100 * HOUR) });
    expect(nextLookAt(life.health, daily)).toEqual(t(125 * HOUR));
  });
});

describe('whatever happens to a task', () => {
  const command = fc.oneof(
    fc.record({
      type: fc.constant('report' as const),
      status: fc.constantFrom<Status>('start', 'success', 'fail'),
      at: fc.integer({ min: 0, max: 200 * HOUR }).map(t),
    }),
    fc.record({
      type: fc.constantFrom('look' as const, 'change' as const, 'retire' as const),
      at: fc.integer({ min: 0, max: 200 * HOUR }).map(t),
    }),
  );

  it('goes down and recovers in turn, the owner is told before the admins, and each trouble has the next number', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), fc.boolean(), (commands, hasOwner) => {
        const life = new Life({ ...daily, hasOwner });
        for (const each of commands) life.do(each);
        const open: { number: number; level: string }[] = [];
        let last = 0;
        for (const { type, trouble } of life.said) {
          const { number, level } = trouble;
          const [present] = open.splice(0);
          if (type === 'recovered') expect(present?.number).toBe(number);
          else {
            const first = { number: last + 1, level: hasOwner ? 'owner' : 'admins' };
            const expected = present === undefined ? first : { number: present.number, level: 'admins' };
            expect({ number, level }).toEqual(expected);
            expect(present?.level).not.toBe('admins');
            open.push({ number, level });
            last = number;
          }
        }
        expect(life.health.trouble?.number).toBe(open[0]?.number);
        const next = nextLookAt(life.health, life.expected);
        if (next !== null)
          expect(decideTask(life.health, life.expected, { type: 'look', at: next }).events).toHaveLength(1);
      }),
      { numRuns: 1_000 },
    );
  });
});
