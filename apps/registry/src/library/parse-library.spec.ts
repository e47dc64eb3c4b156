import { file, onlyProcess, parsed, written } from './fixtures/parsed';

describe('a record', () => {
  test('is a heading with an owner line under it', () => {
    const text = '# Library\n\n## first week\n\nowner: ada\n\nSay hello.\n';
    expect(parsed(file(text))).toEqual({
      ok: true,
      processes: [
        {
          id: 'first-week',
          name: 'first week',
          section: null,
          owner: 'ada',
          deputy: null,
          triggerPeriod: null,
          product: null,
          url: 'https://example.org/library.md#first-week',
          documented: true,
          record: '## first week\n\nowner: ada\n\nSay hello.',
          recordHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          file: 'library.md',
          line: 3,
        },
      ],
      people: [{ handle: 'ada', name: 'ada', file: 'library.md', line: 5 }],
      warnings: [],
    });
  });

  test('takes deputy, trigger and product from the lines next to its owner line', () => {
    const text = '# x\n\nowner: ada\ndeputy: grace\ntrigger: annual\nproduct: each\n';
    expect(onlyProcess(text)).toMatchObject({ deputy: 'grace', triggerPeriod: 'annual', product: 'each' });
  });

  test('takes them from paragraphs and list items that follow one another, above and below the owner', () => {
    const text = '# x\n\ntrigger: annual\n\n- owner: ada\n- product: Each\n\ndeputy: grace\n';
    expect(onlyProcess(text)).toMatchObject({ deputy: 'grace', triggerPeriod: 'annual', product: 'each' });
  });

  test('leaves lines further down to its prose', () => {
    const text =
      '# x\n\nowner: ada\n\nHow it goes.\n\nTrigger: a customer calls\n\nProduct: Lugha\n\n- deputy: see above\n';
    expect(onlyProcess(text)).toMatchObject({ deputy: null, triggerPeriod: null, product: null });
  });

  test('has an owner line after its prose too', () => {
    expect(onlyProcess('# x\n\nHow it goes.\nowner: ada\n').owner).toBe('ada');
  });

  test('is not made by an owner line in a list inside a list, a quotation or a table', () => {
    const text =
      '# x\nowner: ada\n\n## y\n\n- fields\n  - owner: who is asked\n\n> owner: grace\n\n| owner: alan |\n|---|\n| owner: alan |\n';
    expect(onlyProcess(text).name).toBe('x');
  });

  test.each([
    ['owner: ada'],
    ['Owner: ada'],
    ['OWNER : ada'],
    ['owner:ada'],
    ['owner：ada'],
    ['**owner:** ada'],
    ['**Owner**: ada'],
    ['**owner: ada**'],
    ['*owner*: *ada*'],
    ['_owner:_ ada'],
    ['__owner__: __ada__'],
    ['`owner:` `ada`'],
    ['- owner: ada'],
    ['* **owner**: ada'],
    ['1. owner: ada'],
    ['owner: @ada'],
    ['owner: Ada.'],
    ['owner: [ada](https://t.me/ada)'],
    ['owner: [@ada][a]\n\n[a]: https://t.me/ada'],
    ['owner: ada <!-- was: grace -->'],
    ['owner: ada  \ndeputy: grace'],
    ['owner: ada\\\ndeputy: grace'],
    ['owner: ada<br>\ndeputy: grace'],
    ['owner: ada\n---'],
    ['> note\n\nowner: ada'],
  ])('reads the owner from %j', (line) => {
    expect(onlyProcess(`# x\n\n${line}\n`).owner).toBe('ada');
  });

  test.each([
    ['Ada Lovelace', 'ada-lovelace', 'Ada Lovelace'],
    ['@ada_l', 'ada_l', 'ada_l'],
    ['S0288', 's0288', 'S0288'],
    ['José Müller', 'jose-muller', 'José Müller'],
    ['Анна', '430-43d-43d-430'.replaceAll('-', ''), 'Анна'],
    ['Sandy Andrews', 'sandy-andrews', 'Sandy Andrews'],
  ])('makes of the owner %j the handle %j and keeps the name', (name, handle, kept) => {
    const { people, processes } = parsed(file(`# x\nowner: ${name}\n`));
    expect(processes[0]?.owner).toBe(handle);
    expect(people).toEqual([{ handle, name: kept, file: 'library.md', line: 2 }]);
  });

  test('names each person once, in full where the library does somewhere', () => {
    const text = '# x\nowner: ada-lovelace\ndeputy: zoe\n# y\nowner: Ada Lovelace\n# z\nowner: @ada-lovelace\n';
    expect(parsed(file(text)).people).toEqual([
      { handle: 'ada-lovelace', name: 'Ada Lovelace', file: 'library.md', line: 2 },
      { handle: 'zoe', name: 'zoe', file: 'library.md', line: 3 },
    ]);
  });

  test('has no owner yet where the line says so, which is a warning', () => {
    const { processes, people, warnings } = parsed(file('# x\n\nowner: TBD\n'));
    expect(processes[0]).toMatchObject({ documented: true, owner: null });
    expect(people).toEqual([]);
    expect(warnings.map(written)).toEqual(['library.md:3 "x" has no owner yet ("TBD"): nobody is asked about it']);
  });
});

describe('a heading', () => {
  test.each([
    ['## first week', 'first-week'],
    ['first week\n---', 'first-week'],
    ['first week\n===', 'first-week'],
    ['## first week ##', 'first-week'],
    ['## *first* **week**', 'first-week'],
    ['## [first week](https://example.org)', 'first-week'],
    ['## `first` week', 'first-week'],
    ['   ## first   week', 'first---week'],
    ['## ![logo](l.png)first week', 'first-week'],
    ['## first <!-- not second --> week', 'first--week'],
  ])('written %j is called "first week"', (heading, anchor) => {
    const process = onlyProcess(`${heading}\n\nowner: ada\n`);
    expect(process.name).toBe('first week');
    expect(process.url).toBe(`https://example.org/library.md#${anchor}`);
  });

  test('has the anchor GitHub gives it, repeats numbered over the whole file', () => {
    const text =
      '# A & b!\n\n- ## Again\n\n> ## Again\n\n## Again\nowner: ada\n\n# A & B\nowner: ada\n\n# Élan 🚀\nowner: ada\n';
    expect(parsed(file(text)).processes.map((process) => process.url?.split('#')[1])).toEqual([
      'again-2',
      'a--b-1',
      '%C3%A9lan-',
    ]);
  });

  test.each([
    ['a fence of backticks', '```\n## y\nowner: grace\n```'],
    ['a fence of tildes', '~~~mermaid\n## y\nowner: grace\n~~~'],
    ['an indented code block', '    ## y\n    owner: grace'],
    ['a comment', '<!--\n## y\nowner: grace\n-->'],
    ['a comment inside a paragraph', 'text <!--\nowner: grace\n-->'],
  ])('inside %s is no structure, nor is an owner line', (_, block) => {
    const process = onlyProcess(`# x\nowner: ada\n\n${block}\n`);
    expect(process).toMatchObject({ owner: 'ada', record: `# x\nowner: ada\n\n${block}` });
  });

  test('above which a site keeps its YAML is read as usual', () => {
    const process = onlyProcess('---\ntitle: Our library\nowner: nobody here\n---\n# x\nowner: ada\n');
    expect(process).toMatchObject({ name: 'x', owner: 'ada', line: 5 });
  });

  test.each([
    ['a byte order mark', '\uFEFF# x\nowner: ada\n'],
    ['CRLF', '# x\r\nowner: ada\r\n'],
    ['CR alone', '# x\rowner: ada\r'],
  ])('is found in a file with %s', (_, text) => {
    expect(onlyProcess(text).record).toBe('# x\nowner: ada');
  });
});

test('An owner line above the first heading is a warning', () => {
  const { warnings } = parsed(file('owner: ada\n\n# x\nowner: grace\n'));
  expect(warnings.map(written)).toEqual([
    'library.md:1 this owner line stands above the first heading and belongs to no process: put it under one',
  ]);
});

test('Without a base url nothing has a url', () => {
  expect(parsed(file('# x\nowner: ada\n'), { baseUrl: null }).processes[0]?.url).toBeNull();
});

test('A slash at the end of the base url is not doubled', () => {
  const { processes } = parsed(file('# x\nowner: ada\n'), { baseUrl: 'https://example.org/lib/', layout: 'folder' });
  expect(processes[0]?.url).toBe('https://example.org/lib/library.md#x');
});
