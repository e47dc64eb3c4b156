import { errorsOf, parsed, written } from './fixtures/parsed';

const baseUrl = 'https://example.org/wiki';

describe('a library of several files', () => {
  test('reads each file, its url and its section by its place', () => {
    const { processes } = parsed(
      [
        { path: 'hiring/README.md', text: '# Hiring\n\n## talk to people\nowner: ada\n' },
        { path: 'hiring/send offer.md', text: '# Send offer\nowner: ada\n' },
        { path: 'ops.md', text: '# Operations\n## x\nowner: ada\n## care\n### y\nowner: ada\n' },
        { path: 'pay.md', text: '# Pay\nowner: ada\n' },
      ],
      { baseUrl },
    );
    expect(processes.map(({ section, id, url }) => [section, id, url])).toEqual([
      ['hiring', 'hiring-talk-to-people', `${baseUrl}/hiring/README.md#talk-to-people`],
      ['hiring', 'hiring-send-offer', `${baseUrl}/hiring/send%20offer.md#send-offer`],
      ['ops', 'ops-x', `${baseUrl}/ops.md#x`],
      ['care', 'care-y', `${baseUrl}/ops.md#y`],
      [null, 'pay', `${baseUrl}/pay.md#pay`],
    ]);
  });

  test('numbers anchors in each file by itself', () => {
    const text = '# Lib\n## x\nowner: ada\n';
    const { processes } = parsed(
      [
        { path: 'a.md', text },
        { path: 'b.md', text },
      ],
      { baseUrl },
    );
    expect(processes.map(({ url }) => url)).toEqual([`${baseUrl}/a.md#x`, `${baseUrl}/b.md#x`]);
  });

  test('may have one list for all of them, by links and by names', () => {
    const index =
      '# Wiki\n\n- people\n  - [offer](hiring/offer.md)\n  - [first week](./hiring/start.md#first-week)\n  - pay\n  - [party](https://example.org)\n';
    const { processes, warnings } = parsed(
      [
        { path: 'README.md', text: index },
        { path: 'hiring/offer.md', text: '# Send an offer\nowner: ada\n' },
        {
          path: 'hiring/start.md',
          text: '# Start\n## First week\n## Second week\nowner: ada\n\n[back](../README.md)\n',
        },
        { path: 'pay.md', text: '# Pay\nowner: ada\n' },
      ],
      { baseUrl },
    );
    expect(processes.map(({ id, documented, file }) => `${id} ${documented} ${file}`)).toEqual([
      'people-party false README.md',
      'people-send-an-offer true hiring/offer.md',
      'people-first-week true hiring/start.md',
      'start-second-week true hiring/start.md',
      'people-pay true pay.md',
    ]);
    expect(warnings).toEqual([]);
  });

  test('skips a file without a process and says so', () => {
    const { warnings } = parsed([
      { path: 'README.md', text: '# Wiki\n\n- a\n  - b\n' },
      { path: 'a.md', text: '# x\nowner: ada\n' },
    ]);
    expect(warnings.map(written)).toEqual([
      'README.md:1 skipped, there is no process in this file: a process is a heading with a line "owner: ada" under it, or one that the list at the top links to',
    ]);
  });

  test('is wrong where no file has a process, or none is there', () => {
    const [error] = errorsOf([
      { path: 'a.md', text: 'a' },
      { path: 'b.md', text: 'b' },
    ]);
    expect(error).toMatch(/^\.:1 there is no process in any of the 2 Markdown files: /);
    expect(errorsOf([])[0]).toMatch(/^\.:1 there is no process in any of the 0 Markdown files: /);
  });

  test('names the file of every error, and both places of a process that is there twice', () => {
    const text = '# Lib\n## a\n### x\nowner: ada\n';
    const files = [
      { path: 'b.md', text },
      { path: 'a.md', text: `${text}\n~~~\n` },
    ];
    expect(errorsOf(files)).toEqual([
      'a.md:6 this ~~~ fence never closes: close it with a line of ~~~',
      'b.md:3 "x" has the same id "a-x" as "x" (a.md:3): rename one, or put it in another section',
    ]);
  });
});

test('A folder of one file has the path of that file in its urls', () => {
  const { processes } = parsed([{ path: 'a/b.md', text: '# x\nowner: ada\n' }], { baseUrl, layout: 'folder' });
  expect(processes[0]).toMatchObject({ url: `${baseUrl}/a/b.md#x`, section: 'a' });
});
