import { file, onlyProcess, parsed } from './fixtures/parsed';

const record = `## x

owner: ada
trigger: annual

Do it so:

- first this
- then that

~~~mermaid
flowchart LR
  A --> B
~~~

### notes

More.`;

function recordsOf(text: string): (string | null)[] {
  return parsed(file(text)).processes.map((process) => process.record);
}

function hashOf(text: string): string | null {
  return onlyProcess(text).recordHash;
}

describe('the text of a record', () => {
  test('runs to the next heading of its level, with the headings, fences and html below it', () => {
    expect(recordsOf(`# Lib\n\n${record}\n\n\n  \n## y\n`)).toEqual([record]);
  });

  test('runs to a heading of a higher level, or to the end of the file', () => {
    expect(recordsOf('## x\nowner: ada\n# y\n## z\nowner: ada')).toEqual(['## x\nowner: ada', '## z\nowner: ada']);
  });

  test('leaves out the records below it, and only those', () => {
    expect(recordsOf('# x\nowner: ada\n## y\nowner: ada\n### deep\n## notes\nMine.\n')).toEqual([
      '# x\nowner: ada\n## notes\nMine.',
      '## y\nowner: ada\n### deep',
    ]);
  });

  test('keeps every blank as it is written', () => {
    const text = '#  x \nowner: ada  \n\n\n    code\t\n\ttab ';
    expect(recordsOf(`${text}\n \n`)).toEqual([text]);
  });
});

describe('the hash of a record', () => {
  const hash = hashOf(record);

  test.each([
    ['another owner', record.replace('ada', 'grace')],
    ['no owner line but a link', `- [x](#x)\n\n${record.replace('owner: ada\ntrigger: annual\n\n', '')}`],
    ['more lines next to it', record.replace('owner: ada', '- owner: ada\n- deputy: grace\n- product: each\n')],
    ['blanks at the ends of lines', record.replace(/$/gm, '  ')],
    ['CRLF', record.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${record}`],
    ['another place in the file', `# Lib\n\n${record}\n\n## Other\n`],
    ['another level', record.replace(/^#/gm, '###')],
    ['another way to write headings', record.replace('## x', 'x\n---').replace('### notes', '### notes ###')],
    ['blank lines at the end', `${record}\n\n\n`],
  ])('stays the same with %s', (_, text) => {
    expect(hashOf(text)).toBe(hash);
  });

  test.each([
    ['prose', record.replace('first this', 'first those')],
    ['the flowchart', record.replace('A --> B', 'A --> C')],
    ['the text of a heading below', record.replace('notes', 'remarks')],
    ['the level of a heading below', record.replace('### notes', '#### notes')],
    ['indentation', record.replace('- then', '  - then')],
    ['its name', record.replace('## x', '## x y')],
    ['a line that only looks like a field', record.replace('More.', 'More.\n\nproduct: none')],
  ])('changes with %s', (_, text) => {
    expect(hashOf(text)).not.toBe(hash);
  });
});
