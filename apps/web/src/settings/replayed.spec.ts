import { replayed } from './replayed';

const done = { replayed: true, reason: null };
const failed = { replayed: false, reason: 'no such product' };

describe('what came of a replay', () => {
  it.each([
    [[done], 'It is handled now.'],
    [[done, done], 'All 2 are handled now.'],
    [[failed], 'It is still not handled: no such product'],
    [[done, failed, failed], '1 are handled now, 2 are not. The first: no such product'],
    [[{ ...failed, reason: null }], 'It is still not handled: for no reason that was given'],
  ])('%j is said as "%s"', (replays, words) => expect(replayed(replays)).toBe(words));
});
