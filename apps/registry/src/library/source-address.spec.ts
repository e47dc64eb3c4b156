import { baseUrlOf, parseSource } from './source-address';

const git = (remote: string, ref: string | null = null, path: string | null = null) => ({
  kind: 'git',
  remote,
  ref,
  path,
});

test.each([
  ['docs/processes.md', { kind: 'path', path: 'docs/processes.md' }],
  ['  /srv/library ', { kind: 'path', path: '/srv/library' }],
  ['./tasks', { kind: 'path', path: './tasks' }],
  ['./a#b.md', { kind: 'path', path: './a#b.md' }],
  ['C:\\library', { kind: 'path', path: 'C:\\library' }],
  ['file:///srv/a%20b.md', { kind: 'path', path: '/srv/a b.md' }],
  [
    'https://example.org/a.md?v=1#x',
    { kind: 'http', url: 'https://example.org/a.md?v=1', page: 'https://example.org/a.md?v=1' },
  ],
  ['http://localhost:8080/a.md', { kind: 'http', url: 'http://localhost:8080/a.md' }],
  [
    'https://github.com/org/repo/blob/main/docs/a.md?plain=1#x',
    {
      kind: 'http',
      url: 'https://raw.githubusercontent.com/org/repo/main/docs/a.md',
      page: 'https://github.com/org/repo/blob/main/docs/a.md',
    },
  ],
  ['git+https://example.org/repo', git('https://example.org/repo')],
  ['git+https://example.org/repo.git#main:docs/a.md', git('https://example.org/repo.git', 'main', 'docs/a.md')],
  ['git+http://localhost/repo.git', git('http://localhost/repo.git')],
  ['git+ssh://git@example.org/repo.git#v1.0', git('ssh://git@example.org/repo.git', 'v1.0')],
  ['git+file:///srv/repo.git#:docs/', git('file:///srv/repo.git', null, 'docs')],
  ['ssh://git@example.org:22/repo.git', git('ssh://git@example.org:22/repo.git')],
  ['https://example.org/repo.git', git('https://example.org/repo.git')],
  ['https://example.org/repo.git#feature/x:./a:b.md', git('https://example.org/repo.git', 'feature/x', 'a:b.md')],
  ['git@example.org:org/repo.git', git('git@example.org:org/repo.git')],
  ['git@example.org:org/repo.git#main:a%20b.md', git('git@example.org:org/repo.git', 'main', 'a b.md')],
])('The source %j is understood', (text, expected) => {
  expect(parseSource(text)).toMatchObject(expected);
});

test.each([
  ['', /no library is named/],
  ['a\nb', /line break/],
  ['tasks', /write \.\/tasks/],
  ['a\0b', /NUL/],
  ['ftp://example.org/a.md', /ftp:\/\/ is not a way to read a library: write a path, an https:\/\/ address/],
  ['https://', /not a complete address/],
  ['git+ftp://example.org/repo.git', /git does not read ftp:/],
  ['git+ssh://-oProxyCommand=x/repo.git', /not a complete address|cannot start with a dash/],
  ['https://example.org/repo.git#--upload-pack=x', /"--upload-pack=x" is no branch, tag or commit/],
  ['https://example.org/repo.git#+main', /no branch, tag or commit/],
  ['https://example.org/repo.git#a..b', /no branch, tag or commit/],
  ['https://example.org/repo.git#main@{1}', /no branch, tag or commit/],
  ['https://example.org/repo.git#refs/heads/*', /no branch, tag or commit/],
  ['https://example.org/repo.git#main:-x', /"-x" is no path inside a repository/],
  ['https://example.org/repo.git#main:a/../../b', /is no path inside a repository/],
  ['https://example.org/repo.git#main:a%0Ab', /is no path inside a repository/],
  ['file://server/a.md', /file:\/\/\/srv\/processes.md/],
])('The source %j is refused', (text, message) => {
  expect(() => parseSource(text)).toThrow(message);
});

test('No label, page or message has the password of an address in it', () => {
  const secret = 's3cr3t';
  for (const text of [`https://me:${secret}@example.org/a.md`, `git+https://me:${secret}@example.org/r.git#main`]) {
    const { label } = parseSource(text);
    expect(label).toMatch(/example\.org/);
    expect(`${label} ${baseUrlOf(parseSource(text))}`).not.toContain(secret);
  }
  expect(() => parseSource(`ftp://me:${secret}@example.org/a.md`)).toThrow(/ftp:\/\/example\.org/);
  expect(() => parseSource(`https://me:${secret}@example.org/r.git#--x`)).toThrow(/https:\/\/example\.org/);
});

test.each([
  ['/srv/library', null],
  ['https://example.org/a.md', 'https://example.org/a.md'],
  ['https://github.com/org/repo/blob/main/docs/a.md', 'https://github.com/org/repo/blob/main/docs/a.md'],
  ['https://github.com/org/repo.git', 'https://github.com/org/repo/blob/HEAD'],
  ['git@github.com:org/repo.git#main:docs/a b.md', 'https://github.com/org/repo/blob/main/docs/a%20b.md'],
  ['git+ssh://git@github.com/org/repo#main', 'https://github.com/org/repo/blob/main'],
  ['https://example.org/repo.git', null],
])('The records of %j are below %j', (text, expected) => {
  expect(baseUrlOf(parseSource(text))).toBe(expected);
});
