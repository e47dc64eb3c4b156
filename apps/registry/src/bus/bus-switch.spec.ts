import { type MemberPhase } from '@recert/contracts';
import {
  askedSwitch,
  decideSwitch,
  givenUp,
  isOver,
  orderOf,
  waitingFor,
  wantsRefill,
  type BusSwitch,
  type Report,
} from './bus-switch';

const T0 = new Date('2026-11-27T09:00:00.000Z');
const at = (seconds: number): Date => new Date(T0.getTime() + seconds * 1000);
const asked = askedSwitch(
  {
    generation: 3,
    from: 'postgres://db:5432/recert',
    to: 'nats://n:4222',
    by: 'ada',
    members: ['scheduler', 'registry'],
  },
  T0,
);

function says(service: string, phase: MemberPhase, more: Partial<Report> = {}): Report {
  return {
    ...{ service, report: 1, generation: 2, transport: 'postgres://db:5432/recert', phase, at: T0.toISOString() },
    ...{ switching: 3, step: 1, store: 'one', problem: null, backlog: null, published: {}, handled: [] },
    ...more,
  };
}
const both = (phase: MemberPhase, more: Partial<Report> = {}): Report[] => [
  says('registry', phase, more),
  says('scheduler', phase, more),
];
const inPhase = (phase: BusSwitch['phase'], more: Partial<BusSwitch> = {}): BusSwitch => ({
  ...asked,
  phase,
  step: 5,
  until: at(1).toISOString(),
  ...more,
});

describe('a switch of the bus', () => {
  it('begins with a question to everybody, and counts from ten minutes before it', () => {
    expect(orderOf(asked)).toEqual({
      ...{ generation: 3, step: 1, phase: 'asked', from: 'postgres://db:5432/recert', to: 'nats://n:4222' },
      ...{
        members: ['registry', 'scheduler'],
        since: '2026-11-27T08:50:00.000Z',
        until: null,
        at: '2026-11-27T09:00:00.000Z',
      },
    });
    expect(asked.members).toEqual(['registry', 'scheduler']);
  });

  describe('goes on only when everybody has taken the last step', () => {
    const table: [BusSwitch['phase'], MemberPhase, BusSwitch['phase'] | null][] = [
      ['asked', 'idle', null],
      ['asked', 'asked', null],
      ['asked', 'joined', 'decided'],
      ['decided', 'joined', null],
      ['decided', 'refused', null],
      ['decided', 'flipped', 'draining'],
      ['draining', 'flipped', null],
      ['draining', 'drained', 'verifying'],
      ['verifying', 'drained', null],
      ['verifying', 'counted', 'done'],
      ['done', 'counted', null],
      ['abandoned', 'joined', null],
    ];

    it.each(table)('%s, and the last one is %s: %s', (phase, last, expected) => {
      const state = inPhase(phase);
      const ahead = says('registry', 'counted', { step: 5 });
      const next = decideSwitch(state, [ahead, says('scheduler', last, { step: 5 })], at(2));
      if (expected === null) expect(next).toBe(state);
      else expect([next.phase, next.step]).toEqual([expected, 6]);
    });
  });

  it('waits for who has said nothing, or has spoken of another switch', () => {
    expect(waitingFor(asked, [says('registry', 'joined')])).toEqual(['scheduler']);
    expect(waitingFor(asked, [says('registry', 'joined'), says('scheduler', 'joined', { switching: 2 })])).toEqual([
      'scheduler',
    ]);
    expect(decideSwitch(asked, [says('registry', 'joined')], at(29.999))).toBe(asked);
  });

  it('waits for a newcomer that takes part, and for no other one', () => {
    const newcomer = says('newcomer', 'asked');
    const elsewhere = { ...newcomer, switching: null };
    expect(decideSwitch(asked, [...both('joined'), elsewhere], at(1)).phase).toBe('decided');
    expect(decideSwitch(asked, [...both('joined'), newcomer], at(1)).phase).toBe('asked');
    const all = [...both('joined'), says('newcomer', 'joined')];
    expect(decideSwitch(asked, all, at(1))).toMatchObject({
      phase: 'decided',
      members: ['newcomer', 'registry', 'scheduler'],
    });
    expect(decideSwitch(inPhase('decided'), [...both('flipped'), newcomer], at(1)).phase).toBe('decided');
    expect(decideSwitch(inPhase('draining'), [...both('drained'), newcomer], at(1)).phase).toBe('verifying');
  });

  it('is abandoned when one refuses, with its reason', () => {
    const next = decideSwitch(
      asked,
      [says('registry', 'joined'), says('scheduler', 'refused', { problem: 'no' })],
      at(1),
    );
    expect(next).toMatchObject({ phase: 'abandoned', problem: 'scheduler: no', endedAt: at(1).toISOString() });
    expect(isOver(next)).toBe(true);
  });

  it.each([
    [29.999, 'asked'],
    [30, 'abandoned'],
    [31, 'abandoned'],
  ])('is after %f s without all of them %s', (seconds, phase) => {
    const reports = [says('registry', 'asked', { problem: 'NATS: refused' })];
    const next = decideSwitch(asked, reports, at(seconds));
    expect(next.phase).toBe(phase);
    if (phase === 'abandoned')
      expect(next.problem).toBe(
        'within 30 s these have not joined: registry (NATS: refused), scheduler (it does not answer)',
      );
  });

  it('is abandoned when one address leads to two stores', () => {
    const next = decideSwitch(
      asked,
      [says('registry', 'joined'), says('scheduler', 'joined', { store: 'two' })],
      at(1),
    );
    expect([next.phase, next.problem]).toEqual([
      'abandoned',
      'scheduler finds another store at nats://n:4222 than registry: one address must lead all to one',
    ]);
  });

  it('once it is decided is never abandoned, however long somebody is away', () => {
    for (const phase of ['decided', 'draining', 'verifying'] as const)
      expect(
        decideSwitch(inPhase(phase), [says('registry', 'counted'), says('scheduler', 'idle')], at(86_400)).phase,
      ).toBe(phase);
  });

  it('once it is decided goes on without a service that was not heard of for days', () => {
    const alone = [says('registry', 'flipped')];
    expect(decideSwitch(inPhase('decided'), alone, at(1))).toMatchObject({ phase: 'draining', members: ['registry'] });
    expect(decideSwitch(asked, [says('registry', 'joined')], at(1)).phase).toBe('asked');
  });

  it('can be given up in each phase, and says by whom', () => {
    expect(givenUp(inPhase('draining'), 'ada', at(3))).toMatchObject({
      ...{ phase: 'abandoned', step: 6, problem: 'ada gave it up while it was draining', endedAt: at(3).toISOString() },
    });
  });

  describe('is done when', () => {
    const verifying = inPhase('verifying');
    const counts = (handled: number, step = 5): Report[] => [
      says('registry', 'counted', { step, published: { 'process.due': 2 } }),
      says('scheduler', 'counted', {
        step,
        published: { 'process.due': 1, 'kpi.missed': 4 },
        handled: [{ consumer: 'scheduler.x', subject: 'process.due', events: handled }],
      }),
    ];

    it.each([
      [2, 'verifying'],
      [3, 'done'],
      [4, 'done'],
    ])('of 3 published events %i are handled: %s', (handled, phase) => {
      expect(decideSwitch(verifying, counts(handled), at(2))).toMatchObject({ phase, events: 7 });
    });

    it('counts anew each second while something lacks, and says what', () => {
      expect(decideSwitch(verifying, counts(2), at(0.999))).toBe(verifying);
      const next = decideSwitch(verifying, counts(2), at(1));
      expect(next).toMatchObject({
        phase: 'verifying',
        step: 6,
        problem: 'not handled yet: 1 process.due by scheduler.x',
      });
      expect(decideSwitch(next, counts(3), at(9))).toBe(next);
      expect(decideSwitch(next, counts(3, 6), at(9))).toMatchObject({ phase: 'done', problem: null });
    });

    it('wants everything published again once, after the tenth count', () => {
      const wants = [9, 10, 11].map((count) => wantsRefill(inPhase('verifying', { counts: count })));
      expect(wants).toEqual([false, true, false]);
    });
  });

  it('tells whom it waits for after its end: who has not ended it yet', () => {
    const [registry, scheduler] = both('counted');
    expect(waitingFor(inPhase('done'), [{ ...registry!, generation: 3 }, scheduler!])).toEqual(['scheduler']);
    expect(waitingFor(inPhase('abandoned'), [{ ...registry!, switching: null }, scheduler!])).toEqual(['scheduler']);
  });
});
