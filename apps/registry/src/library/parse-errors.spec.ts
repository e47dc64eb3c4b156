import { errorsOf, file, parsed, written } from './fixtures/parsed';

describe('a wrong library', () => {
  test('names every error at once, in the order of its lines', () => {
    const text =
      '# a\n\nowner:\n\n# b\n\nowner: ada, grace\n\n# c\n\nowner: ada\ntrigger: every now and then\n\n# d\n\nowner: ada\nproduct: some\n\n~~~mermaid\nflowchart LR\n';
    expect(errorsOf(file(text))).toEqual([
      'library.md:3 the owner line of "a" names nobody: write "owner: ada"',
      'library.md:7 "ada, grace" is more than one name in the owner line of "b": one owner per process; put the second as "deputy:"',
      'library.md:12 the trigger "every now and then" of "c" is no period: write annual',
      'library.md:17 the product line of "d" says "some": write "product: each" for a process that every product has, or leave the line out',
      'library.md:19 this ~~~mermaid fence never closes: close it with a line of ~~~',
    ]);
  });

  test('has the same process twice: both places are named', () => {
    expect(errorsOf(file('# a\n## x\nowner: ada\n## X!\nowner: ada\n'))).toEqual([
      'library.md:4 "X!" has the same id "x" as "x" (library.md:2): rename one, or put it in another section',
    ]);
  });

  test('has the same undocumented process twice', () => {
    expect(errorsOf(file('- a\n  - x\n  - x\n  - [y](#y)\n\n# y\n'))).toEqual([
      'library.md:3 "x" has the same id "a-x" as "x" (library.md:2): rename one, or put it in another section',
    ]);
  });

  test.each([
    ['owner:', 'the owner line of "x" names nobody: write "owner: ada"'],
    ['owner: -', 'the owner line of "x" names nobody: write "owner: ada"'],
    ['owner: @', 'the owner line of "x" names nobody: write "owner: ada"'],
    ['**owner:**', 'the owner line of "x" names nobody: write "owner: ada"'],
  ])('has %j', (line, message) => {
    expect(errorsOf(file(`# x\n\n${line}\n`))).toEqual([`library.md:3 ${message}`]);
  });

  test('has a deputy line without a name', () => {
    expect(errorsOf(file('# x\nowner: ada\ndeputy:\n'))).toEqual([
      'library.md:3 the deputy line of "x" names nobody: write "deputy: ada"',
    ]);
  });

  test.each([
    'ada, grace',
    'ada and grace',
    'Ada & Grace',
    'ada / grace',
    'ada; grace',
    '@ada @grace',
    'ada or grace',
    'ada + grace',
    'ada | grace',
  ])('has two owners in one line: %j', (names) => {
    const [error] = errorsOf(file(`# x\nowner: ${names}\n`));
    expect(error).toMatch(
      /^library\.md:2 .* is more than one name in the owner line of "x": one owner per process; put the second as "deputy:"$/,
    );
  });

  test('has two owner lines in a record', () => {
    expect(errorsOf(file('# x\nowner: ada\n\nText.\n\nowner: grace\n'))).toEqual([
      'library.md:6 "x" has a second owner line (the first is line 2); one owner per process, put the second as "deputy:"',
    ]);
  });

  test('has two trigger lines in a record', () => {
    expect(errorsOf(file('# x\nowner: ada\ntrigger: annual\ntrigger: monthly\n'))).toEqual([
      'library.md:4 "x" has a second trigger line (the first is line 3)',
    ]);
  });

  test('has a trigger line without a period', () => {
    expect(errorsOf(file('# x\nowner: ada\ntrigger:\n'))).toEqual([
      'library.md:3 the trigger "" of "x" is no period: nothing is written there',
    ]);
  });

  test.each([
    [80, 0],
    [81, 1],
  ])('has an owner of %i characters: %i errors', (length, errors) => {
    const name = `${'a'.repeat(60)} ${'.'.repeat(length - 62)}b`;
    const result =
      errors === 0 ? parsed(file(`# x\nowner: ${name}\n`)).warnings : errorsOf(file(`# x\nowner: ${name}\n`));
    expect(result).toHaveLength(errors);
  });

  test.each([
    [64, true],
    [65, false],
  ])('has an owner whose handle has %i characters: allowed %s', (length, allowed) => {
    const text = `# x\nowner: ${'a'.repeat(length)}\n`;
    if (allowed) expect(parsed(file(text)).people[0]?.handle).toHaveLength(length);
    else expect(errorsOf(file(text))[0]).toMatch(/^library\.md:2 the owner line of "x" is too long for a name/);
  });

  test('has a record whose heading has no text', () => {
    expect(errorsOf(file('# a\nowner: ada\n\n##\nowner: ada\n\n## ![logo](l.png)\nowner: ada\n'))).toEqual([
      'library.md:4 this heading has an owner but no text: write the name of the process there',
      'library.md:7 this heading has an owner but no text: write the name of the process there',
    ]);
  });

  test.each([
    ['text only', '# Hello\n\nNothing here.\n'],
    ['a list of nothing', '# Shopping\n\n- milk\n- eggs\n'],
    ['a list in a list, with no record', '# Shopping\n\n- dairy\n  - milk\n'],
    ['nothing', ''],
  ])('has no process in it: %s', (_, text) => {
    expect(errorsOf(file(text))).toEqual([
      'library.md:1 there is no process in this file: a process is a heading with a line "owner: ada" under it, or one that the list at the top links to',
    ]);
  });
});

describe('a fence', () => {
  test('that closes is right, whatever stands in it', () => {
    const fences = [
      '```\n~~~\n```',
      '~~~\n```mermaid\n~~~',
      '````\n```mermaid\n```\n````',
      '```\n```',
      '- a\n\n  ~~~\n  x\n  ~~~',
      '```\n``\n   ```  ',
    ];
    expect(parsed(file(`# x\nowner: ada\n\n${fences.join('\n\n')}\n\n# y\nowner: ada`)).processes).toHaveLength(2);
  });

  test.each([
    ['at the end of the file', '```mermaid\ngraph', '```mermaid'],
    ['with nothing in it', '```', '```'],
    ['with blank lines in it', '```\n\n  \n', '```'],
    ['whose end is too short', '````\nx\n```\n', '````'],
    ['whose end is of the other kind', '~~~\nx\n```\n', '~~~'],
    ['whose end has text', '~~~\nx\n~~~ end\n', '~~~'],
  ])('%s that never closes is an error where it opens', (_, fence, name) => {
    const [error, ...more] = errorsOf(file(`# x\nowner: ada\n\n${fence}`));
    expect(error).toMatch(new RegExp(`^library\\.md:4 this ${name} fence (never closes|is still open)`));
    expect(more).toEqual([]);
  });

  test('in a list item that never closes is an error too', () => {
    expect(errorsOf(file('# x\nowner: ada\n\n- a\n\n  ~~~mermaid\n  graph\n\ntext\n'))).toEqual([
      'library.md:6 this ~~~mermaid fence never closes: close it with a line of ~~~',
    ]);
  });

  test('that another one ends is an error: it hides the records between', () => {
    const text = '# x\nowner: ada\n\n~~~mermaid\ngraph\n\n# y\nowner: ada\n\n~~~mermaid\ngraph\n~~~\n';
    expect(errorsOf(file(text))).toEqual([
      'library.md:4 this ~~~mermaid fence is still open at line 10, where the next one opens: close it with a line of ~~~',
    ]);
  });

  test('that swallows the only record is the only error', () => {
    expect(errorsOf(file('~~~mermaid\n\n# x\nowner: ada\n'))).toHaveLength(1);
  });
});

test('A comment that never closes is an error where it opens', () => {
  expect(errorsOf(file('# x\nowner: ada\n\n<!-- hidden\n\n# y\nowner: ada\n'))).toEqual([
    'library.md:4 this comment never closes and hides the rest of the file: close it with -->',
  ]);
});

test('A deputy who is the owner too is a warning, and no deputy', () => {
  const { processes, warnings } = parsed(file('# x\nowner: Ada\ndeputy: @ada\n'));
  expect(processes[0]).toMatchObject({ owner: 'ada', deputy: null });
  expect(warnings.map(written)).toEqual([
    'library.md:3 the deputy of "x" is its owner too: name somebody else, or leave the line out',
  ]);
});
