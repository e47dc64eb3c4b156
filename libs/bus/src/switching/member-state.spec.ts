import { type BusSwitching, type SwitchPhase } from '@recert/contracts';
import {
  advanced,
  finished,
  hear,
  left,
  routeOf,
  startedWith,
  taskOf,
  type MemberState,
  type Reached,
} from './member-state';

const HOME = 'postgres://db:5432/recert';
const THERE = 'nats://n:4222';
const FRESH: MemberState = {
  ...{ since: '2026-11-01T00:00:00.000Z', generation: 0, closed: 0, address: null, home: null, underWay: null },
};

function order(phase: SwitchPhase, step = 1, generation = 1, at = '2026-11-27T09:00:00.000Z'): BusSwitching {
  return { generation, step, phase, from: HOME, to: THERE, members: [], since: at, until: null, at };
}
function told(phase: SwitchPhase, reached: Reached = 'asked'): MemberState {
  return advanced(hear(FRESH, order(phase)) as MemberState, { reached });
}

describe('a service of which the bus is switched', () => {
  const PHASES: readonly SwitchPhase[] = ['asked', 'decided', 'draining', 'verifying', 'done', 'abandoned'];
  const table: Record<Reached, readonly string[]> = {
    //        asked, decided, draining, verifying, done, abandoned
    asked: ['join', 'flip', 'flip', 'flip', 'flip', 'leave'],
    joined: ['wait', 'flip', 'flip', 'flip', 'flip', 'leave'],
    refused: ['wait', 'flip', 'flip', 'flip', 'flip', 'leave'],
    flipped: ['wait', 'wait', 'drain', 'drain', 'drain', 'leave'],
    drained: ['wait', 'wait', 'wait', 'count', 'finish', 'leave'],
  };

  it.each(Object.entries(table))('that is %s does what each phase wants of it', (reached, tasks) => {
    const does = PHASES.map((phase) =>
      taskOf({ ...told('asked').underWay!, order: order(phase), reached: reached as Reached }),
    );
    expect(does).toEqual(tasks);
  });

  it('publishes on the old until it is decided, and takes from both until it is done', () => {
    const route = (phase: SwitchPhase, reached?: Reached) => {
      const { publish, consume, open } = routeOf(told(phase, reached), HOME);
      return [publish, consume.join(), open.join()];
    };
    const both = `${HOME},${THERE}`;
    expect(route('asked')).toEqual([HOME, both, both]);
    expect(route('asked', 'joined')).toEqual([HOME, both, both]);
    expect(route('asked', 'refused')).toEqual([HOME, HOME, HOME]);
    expect(route('decided', 'joined')).toEqual([THERE, both, both]);
    expect(route('draining', 'flipped')).toEqual([THERE, both, both]);
    expect(route('draining', 'drained')).toEqual([THERE, both, both]);
    expect(route('done', 'drained')).toEqual([THERE, both, both]);
    expect(route('abandoned', 'drained')).toEqual([HOME, HOME, HOME]);
    expect(routeOf(finished(told('done', 'drained'), HOME), HOME)).toEqual({
      ...{ publish: THERE, consume: [THERE], open: [THERE] },
    });
    expect(routeOf(left(told('asked', 'joined')), HOME)).toEqual({ publish: HOME, consume: [HOME], open: [HOME] });
  });

  it('hears each step once, and none that is older', () => {
    const second = hear(told('asked', 'joined'), order('decided', 2)) as MemberState;
    expect(second.underWay).toMatchObject({ reached: 'joined', order: { phase: 'decided' } });
    for (const old of [order('asked', 1), order('decided', 2)]) expect(hear(second, old)).toBe(second);
    expect(hear(finished(told('done', 'drained'), HOME), order('verifying', 9))).toMatchObject({ underWay: null });
  });

  it('puts off the next switch until it has heard the end of this one', () => {
    expect(hear(told('asked'), order('asked', 1, 2))).toBe('early');
    expect(hear(left(told('asked')), order('asked', 1, 2))).toMatchObject({ underWay: { order: { generation: 2 } } });
  });

  it('does not begin a switch whose end it has heard first', () => {
    const after = hear(FRESH, order('abandoned', 2)) as MemberState;
    expect(after).toEqual({ ...FRESH, closed: 1 });
    expect(hear(after, order('asked', 1))).toBe(after);
  });

  it.each([
    ['2026-10-31T23:59:59.999Z', false],
    ['2026-11-01T00:00:00.000Z', true],
    ['2026-11-01T00:00:00.001Z', true],
  ])('that came on 1 November heeds what was said at %s: %s', (at, isHeeded) => {
    expect(hear(FRESH, order('asked', 1, 1, at)) !== FRESH).toBe(isHeeded);
  });

  it('goes where the switch has led for as long as BUS_URL says what it said then', () => {
    const there = finished(told('done', 'drained'), HOME);
    expect(there).toMatchObject({ generation: 1, closed: 1, address: THERE, home: HOME });
    expect(startedWith(there, HOME)).toBe(there);
    expect(startedWith(there, 'nats://other:4222')).toMatchObject({ generation: 1, address: null, home: null });
    expect(startedWith(FRESH, 'nats://other:4222')).toBe(FRESH);
  });
});
