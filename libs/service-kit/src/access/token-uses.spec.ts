import { TokenUsed } from '@recert/contracts';
import { TokenUses } from './token-uses';

const MINUTE_MS = 60_000;
const start = new Date('2026-11-27T09:00:00.000Z');
const after = (ms: number): Date => new Date(start.getTime() + ms);

describe('the uses of tokens', () => {
  let uses: TokenUses;

  beforeEach(() => {
    uses = new TokenUses();
  });

  it('are nothing to tell while there are none', () => {
    expect(uses.isDue(start)).toBe(false);
    expect(uses.take(start)).toEqual([]);
  });

  it('are told at the first one, each token with its latest', () => {
    uses.note('a', start);
    uses.note('b', start);
    uses.note('a', after(5));
    expect(uses.isDue(after(5))).toBe(true);
    expect(uses.take(after(5))).toEqual([
      {
        uses: [
          { tokenId: 'a', at: after(5).toISOString() },
          { tokenId: 'b', at: start.toISOString() },
        ],
      },
    ]);
  });

  it.each([
    [MINUTE_MS - 1, false],
    [MINUTE_MS, true],
    [MINUTE_MS + 1, true],
  ])('are told again %d ms later: %s', (ms, isDue) => {
    uses.note('a', start);
    uses.take(start);
    uses.note('a', after(1));
    expect(uses.isDue(after(ms))).toBe(isDue);
  });

  it('are told once', () => {
    uses.note('a', start);
    uses.take(start);
    expect(uses.isDue(after(MINUTE_MS))).toBe(false);
    expect(uses.take(after(MINUTE_MS))).toEqual([]);
  });

  it.each([
    [999, [999]],
    [1_000, [1_000]],
    [1_001, [1_000, 1]],
    [2_000, [1_000, 1_000]],
  ])('of %d tokens are events of %j', (count, expected) => {
    for (let n = 0; n < count; n += 1) uses.note(n.toString(16).padStart(12, '0'), start);
    const events = uses.take(start);
    expect(events.map((event) => TokenUsed.schema.parse(event).uses.length)).toEqual(expected);
    expect(new Set(events.flatMap((event) => event.uses.map(({ tokenId }) => tokenId))).size).toBe(count);
  });

  it('that could not be told are told a minute later, unless there are later ones', () => {
    uses.note('a', start);
    uses.note('b', start);
    const untold = uses.take(start);
    uses.note('a', after(1));
    uses.giveBack(untold);
    expect([uses.isDue(after(MINUTE_MS - 1)), uses.isDue(after(MINUTE_MS))]).toEqual([false, true]);
    const [event] = uses.take(after(MINUTE_MS));
    expect(event!.uses.toSorted((x, y) => x.tokenId.localeCompare(y.tokenId))).toEqual([
      { tokenId: 'a', at: after(1).toISOString() },
      { tokenId: 'b', at: start.toISOString() },
    ]);
  });
});
