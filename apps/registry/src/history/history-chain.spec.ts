import { chain, emptyHead, hashOf, whatIsWrong, type HistoryEntry, type HistoryRow } from './history-chain';

const entry = (now: string): HistoryEntry => ({
  at: new Date('2026-11-20T09:00:00.000Z'),
  by: 'ada',
  processId: 'baking-mix-dough',
  person: null,
  field: 'status',
  old: null,
  new: now,
  cause: 'import',
  source: 'library',
});

describe('the chain of the history', () => {
  const rows = chain(emptyHead, [entry('uncertified'), entry('due'), entry('certified')]);

  it('numbers rows from one and lets each carry the hash of the one before', () => {
    expect(rows.map((row) => row.seq)).toEqual([1, 2, 3]);
    expect(rows.map((row) => row.prevHash)).toEqual([emptyHead.hash, rows[0]!.hash, rows[1]!.hash]);
  });

  it('goes on behind the head that it is given', () => {
    const [next] = chain({ seq: 3, hash: rows[2]!.hash }, [entry('due')]);
    expect(next).toMatchObject({ seq: 4, prevHash: rows[2]!.hash });
    expect(whatIsWrong(rows[2]!, next!)).toBeNull();
  });

  it('makes a hash that others can compute: SHA-256 of the JSON array of the columns', () => {
    // python3: sha256(json.dumps([1, "2026-11-20T09:00:00.000Z", "ada", .., "0" * 64], separators=(",", ":")))
    expect(rows[0]!.hash).toBe('f38b038dc64a0b18aeb739163634220cd10320b2e26443018bb0bfdc8ee3536d');
  });

  it('finds nothing wrong with what it made', () => {
    expect(rows.map((row, at) => whatIsWrong(rows[at - 1] ?? emptyHead, row))).toEqual([null, null, null]);
  });

  const changes: [string, Partial<HistoryRow>][] = [
    ['at', { at: new Date('2026-11-20T09:00:00.001Z') }],
    ['by', { by: 'adb' }],
    ['process', { processId: 'baking-mix-dougg' }],
    ['person', { person: '' }],
    ['field', { field: 'statut' }],
    ['old', { old: '' }],
    ['new', { new: 'duf' }],
    ['cause', { cause: 'imporu' }],
    ['source', { source: 'librarz' }],
    ['hash', { hash: `0${rows[1]!.hash.slice(1)}x`.slice(0, 64) }],
  ];
  it.each(changes)('names a row whose %s was changed', (_column, change) => {
    expect(whatIsWrong(rows[0]!, { ...rows[1]!, ...change })).toEqual({
      seq: 2,
      what: 'row 2 was changed: its hash is not the hash of its content',
    });
  });

  it('names a row that does not carry the hash of the one before', () => {
    expect(whatIsWrong(rows[0]!, { ...rows[1]!, prevHash: emptyHead.hash })?.what).toContain('hash of row 1');
  });

  it('names the row that is missing', () => {
    expect(whatIsWrong(rows[0]!, rows[2]!)).toEqual({ seq: 2, what: 'row 2 is missing: row 3 follows row 1' });
  });

  it('tells a missing value from an empty one, and two columns from one', () => {
    const hashes = [
      { ...rows[0]!, old: null, new: '' },
      { ...rows[0]!, old: '', new: null },
      { ...rows[0]!, by: 'a', cause: 'b,c' },
      { ...rows[0]!, by: 'a,b', cause: 'c' },
    ].map(hashOf);
    expect(new Set(hashes).size).toBe(4);
  });
});
