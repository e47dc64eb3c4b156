import { awaySince, drainInMs, HERE, nextState, routeOf, type SpoolEvent, type SpoolState } from './spool-state';

const NOW = 10_000;
const away = (since: number, probes: number, probeAt: number): SpoolState => ({ kind: 'away', since, probes, probeAt });
const draining = (since: number | null): SpoolState => ({ kind: 'draining', since });
const closing = (since: number | null): SpoolState => ({ kind: 'closing', since });
const firstAway = away(NOW, 0, NOW + 100);

/** What each event makes of each state. */
const TABLE: readonly [SpoolState, SpoolEvent, SpoolState][] = [
  [HERE, 'failed', firstAway],
  [HERE, 'found', draining(null)],
  [HERE, 'emptied', HERE],
  [HERE, 'nearly empty', HERE],
  [away(5, 0, 105), 'failed', away(5, 1, NOW + 200)],
  [away(5, 3, 105), 'failed', away(5, 4, NOW + 1_000)],
  [away(5, 40, 105), 'failed', away(5, 41, NOW + 1_000)],
  [away(5, 3, 105), 'found', away(5, 3, 105)],
  [away(5, 3, 105), 'drained', draining(5)],
  [away(5, 3, 105), 'nearly empty', away(5, 3, 105)],
  [away(5, 3, 105), 'emptied', HERE],
  [draining(5), 'failed', away(5, 0, NOW + 100)],
  [draining(null), 'failed', firstAway],
  [draining(5), 'found', draining(5)],
  [draining(5), 'drained', draining(5)],
  [draining(5), 'nearly empty', closing(5)],
  [draining(5), 'emptied', HERE],
  [closing(5), 'failed', away(5, 0, NOW + 100)],
  [closing(5), 'drained', draining(5)],
  [closing(5), 'emptied', HERE],
];

describe('the state of a spool', () => {
  it.each(TABLE)('%j, %s: %j', (before, event, after) => {
    expect(nextState(before, event, NOW)).toEqual(after);
  });

  it('says what becomes of a request', () => {
    const routes = [HERE, firstAway, draining(5), closing(5)].map(routeOf);
    expect(routes).toEqual(['write', 'spool', 'spool', 'wait']);
  });

  it('says since when the database is away, also while it takes what waited for it', () => {
    expect([HERE, away(5, 0, 105), draining(5), closing(5), draining(null)].map(awaySince)).toEqual([
      ...[null, 5, 5, 5, null],
    ]);
  });

  it.each([
    [HERE, null],
    [away(5, 0, NOW + 1), 1],
    [away(5, 0, NOW), 0],
    [away(5, 0, NOW - 1), 0],
    [draining(5), 0],
    [closing(5), 0],
  ])('%j is written in %s ms', (state, ms) => {
    expect(drainInMs(state, NOW)).toBe(ms);
  });
});
