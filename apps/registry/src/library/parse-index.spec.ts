import { file, parsed, written } from './fixtures/parsed';

/** One line a process: `section > name`, then its owner, or what it lacks. */
function outline(text: string): string[] {
  return parsed(file(text)).processes.map(
    ({ section, name, documented, owner }) =>
      `${section ?? '-'} > ${name}: ${documented ? (owner ?? 'unowned') : 'gap'}`,
  );
}

describe('the list at the top', () => {
  test('gives sections, and its items without a record are undocumented', () => {
    const text =
      '- onboarding\n  - [first week](#first-week)\n  - second week\n- [payroll](#payroll)\n\n## payroll\nowner: ada\n## first week\nowner: ada\n';
    const { processes } = parsed(file(text));
    expect(processes.map(({ id, section, documented, line }) => ({ id, section, documented, line }))).toEqual([
      { id: 'onboarding-second-week', section: 'onboarding', documented: false, line: 3 },
      { id: 'payroll', section: null, documented: true, line: 6 },
      { id: 'onboarding-first-week', section: 'onboarding', documented: true, line: 8 },
    ]);
    expect(processes[0]).toMatchObject({ owner: null, url: null, record: null, recordHash: null });
  });

  test('makes a record without an owner of a heading that an item links to', () => {
    expect(outline('- a\n  - [one](#first)\n\n# first\ntext\n')).toEqual(['a > first: unowned']);
  });

  test('lets such a record have its other lines where they come first', () => {
    const text = '- [x](#x)\n\n# x\ntrigger: annual\n\n# y\n';
    expect(parsed(file(text)).processes[0]).toMatchObject({ owner: null, triggerPeriod: 'annual' });
    expect(outline('- [x](#x)\n\n# x\n\nWhat starts it.\n\ntrigger: a customer calls\n')).toEqual(['- > x: unowned']);
  });

  test.each([
    ['align & execute', 'Align and execute'],
    ['Align and execute', 'align & execute'],
    ['ALIGN AND EXECUTE', 'align and execute'],
    ['(re-)certify ssl', 'Re-certify SSL'],
    ['**align & execute**:', 'align & execute'],
    ['[ ] align & execute', '[align & execute](https://example.org)'],
  ])('names with %j the heading %j', (item, heading) => {
    const [process] = outline(`- a\n  - ${item}\n\n# ${heading}\n`);
    expect(process).toMatch(/: unowned$/);
  });

  test('is not the list of the introduction', () => {
    const text =
      '# Lib\n\n- We like lists.\n  - And lists in lists.\n- See [the code](https://example.org).\n\n## Library\n\n- a\n  - x\n  - y\n\n### x\nowner: ada\n';
    expect(outline(text)).toEqual(['a > y: gap', 'a > x: ada']);
  });

  test('is not a table of contents, whose items are no processes', () => {
    const text =
      '# Lib\n\n- [Library](#library)\n- [License](#license)\n\n## Library\n\n- a\n  - [x](#x)\n\n### x\nowner: ada\n\n## License\n';
    expect(outline(text)).toEqual(['a > x: ada']);
  });

  test('is none of the lists below the first record', () => {
    expect(outline('# x\nowner: ada\n\n- [y](#y)\n  - z\n\n# y\nowner: ada\n')).toEqual(['- > x: ada', '- > y: ada']);
  });

  test('is the first list with a list inside where no item names a process', () => {
    const text = '- Be kind.\n\n# Lib\n\n- a\n  - y\n\n## x\nowner: ada\n';
    expect(outline(text)).toEqual(['a > y: gap', '- > x: ada']);
  });

  test('may be numbered, loose and deep', () => {
    const text = '1. a\n\n   1. b\n\n      1. [x](#x)\n\n      2. y\n\n2. c\n\n## x\nowner: ada\n';
    expect(outline(text)).toEqual(['b > y: gap', '- > c: gap', 'b > x: ada']);
  });

  test('names a section where its item links to a heading with processes below it', () => {
    const text = '- [a](#a)\n- [b](#b)\n\n# a\n## x\nowner: ada\n# b\n';
    expect(outline(text)).toEqual(['a > x: ada', '- > b: unowned']);
  });

  test('gives an item at the top with a list inside its own text as section', () => {
    expect(outline('- [x](#x)\n  - [y](#y)\n\n# x\nowner: ada\n## y\nowner: ada\n')).toEqual([
      'x > x: ada',
      'x > y: ada',
    ]);
  });

  test('tells apart two headings of one name by the section above them', () => {
    const text =
      '- sales\n  - review\n- ops\n  - review\n\n# ops\n## review\nowner: grace\n# sales\n## review\nowner: ada\n';
    expect(outline(text)).toEqual(['ops > review: grace', 'sales > review: ada']);
  });

  test('warns of a link to an anchor that does not exist, and takes the name instead', () => {
    const { warnings, processes } = parsed(file('- a\n  - [x](#y)\n  - [z](#z)\n\n# x\nowner: ada\n'));
    expect(warnings.map(written)).toEqual([
      'library.md:2 "x" links to #y, and no heading has that anchor',
      'library.md:3 "z" links to #z, and no heading has that anchor',
    ]);
    expect(processes.map(({ id, documented }) => `${id} ${documented}`)).toEqual(['a-z false', 'a-x true']);
  });

  test('warns where two items link to one heading, and the first counts', () => {
    const { warnings, processes } = parsed(file('- a\n  - [x](#x)\n- b\n  - [x](#x)\n\n# x\nowner: ada\n'));
    expect(warnings.map(written)).toEqual([
      'library.md:4 "x" links to a heading that the list names already: the first place counts',
    ]);
    expect(processes.map(({ id }) => id)).toEqual(['a-x']);
  });

  test('finds headings in any case, by reference links, and with letters that a link has to encode', () => {
    const text = '- a\n  - [x](#X)\n  - [y][1]\n  - [é](#%C3%A9)\n\n[1]: #y-2\n\n# x\nowner: ada\n# y 2\n# é\n';
    expect(outline(text)).toEqual(['a > x: ada', 'a > y 2: unowned', 'a > é: unowned']);
  });
});

describe('the section of a process that no list names', () => {
  test('is the nearest heading above it that is no process, and not the title', () => {
    const text = '# Lib\n## a\n### x\nowner: ada\n#### y\nowner: ada\n# Not a title then\n## b\n### z\nowner: ada\n';
    expect(outline(text)).toEqual(['a > x: ada', 'a > y: ada', 'b > z: ada']);
    expect(outline('# Lib\n## x\nowner: ada\n')).toEqual(['- > x: ada']);
  });

  test('is not the heading that the list stands under', () => {
    expect(outline('# Lib\n## Library\n- a\n  - x\n### x\nowner: ada\n### y\nowner: ada\n')).toEqual([
      'a > x: ada',
      '- > y: ada',
    ]);
  });

  test('is spelled as the list spells it', () => {
    expect(outline('- product care\n  - x\n\n# Product Care\n## x\nowner: ada\n## y\nowner: ada\n')).toEqual([
      'product care > x: ada',
      'product care > y: ada',
    ]);
  });
});
