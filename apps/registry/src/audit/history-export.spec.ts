import { chain, emptyHead } from '../history/history-chain';
import { csvCell, toCsv, toJson } from './history-export';

const at = new Date('2026-11-20T09:00:00.000Z');
const rows = chain(emptyHead, [
  {
    ...{ at, by: 'ada', processId: 'baking-mix-dough', person: null, field: 'name', old: 'mix dough' },
    ...{ new: '=HYPERLINK("http://x")', cause: 'import', source: 'library' },
  },
  {
    ...{ at, by: 'ada', processId: null, person: 'bob', field: 'roles', old: null },
    ...{ new: 'owner', cause: 'added', source: 'http' },
  },
]);

async function* inBatches() {
  for (const row of rows) yield [row];
}

async function textOf(parts: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}

describe('a cell of the CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('is text where a spreadsheet would compute: %j', (text) => {
    expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
  });

  it.each(['plain', 'a=b', '1-2', 'ada@example.org'])('is left alone where there is no danger: %j', (text) => {
    expect(csvCell(text)).toBe(text);
  });

  it('is quoted where it holds a comma, a quote or a line break', () => {
    expect([csvCell('a,b'), csvCell('say "x"'), csvCell('a\nb')]).toEqual(['"a,b"', '"say ""x"""', '"a\nb"']);
  });

  it('is empty for nothing, and a number is not text', () => {
    expect([csvCell(null), csvCell(-7)]).toEqual(['', '-7']);
  });
});

describe('the export of the history', () => {
  it('is CSV with a header line and a line for each row', async () => {
    const lines = (await textOf(toCsv(inBatches()))).split('\r\n');
    expect(lines[0]).toBe('seq,at,by,process,person,field,old,new,cause,source,prev_hash,hash');
    expect(lines[1]).toContain(
      `1,2026-11-20T09:00:00.000Z,ada,baking-mix-dough,,name,mix dough,"'=HYPERLINK(""http://x"")"`,
    );
    expect(lines[2]).toContain(`2,2026-11-20T09:00:00.000Z,ada,,bob,roles,,owner,added,http,${rows[0]!.hash}`);
    expect(lines.slice(3)).toEqual(['']);
  });

  it('is JSON with everything that the hashes are made of', async () => {
    const exported = JSON.parse(await textOf(toJson(inBatches()))) as { new: string; prev_hash: string }[];
    expect(exported).toHaveLength(2);
    expect(exported[0]).toMatchObject({ new: '=HYPERLINK("http://x")', prev_hash: emptyHead.hash });
  });

  it('is an empty array, or a header alone, while nothing has happened', async () => {
    const nothing = async function* () {};
    expect(JSON.parse(await textOf(toJson(nothing())))).toEqual([]);
    expect((await textOf(toCsv(nothing()))).split('\r\n')).toHaveLength(2);
  });
});
