import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { limits as smallLimits } from './fixtures/limits';
import { readLibrary, type ReadLimits } from './read-library';
import { parseSource } from './source-address';

const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false'];
const limits: ReadLimits = { ...smallLimits, environment: process.env };
let root: string;
let first: string;

function git(...args: string[]): string {
  return execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
}

async function commit(files: Record<string, string | Buffer>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  git('add', '-A');
  git('commit', '-q', '-m', 'x');
  return git('rev-parse', 'HEAD');
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'recert test-'));
  git('init', '-q', '-b', 'trunk');
  first = await commit({ 'docs/a.md': 'first', 'docs/sub/b.markdown': 'b', 'c.txt': 'c', '.github/d.md': 'd' });
  git('tag', 'v1');
  git('checkout', '-q', '-b', 'feature/x');
  await commit({ 'docs/a.md': 'feature', 'docs/é ü.md': 'é', 'docs/node_modules/m.md': 'm' });
  git('checkout', '-q', '-b', 'large', 'trunk');
  await commit({
    'large.md': 'x'.repeat(1001),
    'large/a.md': 'x'.repeat(1000),
    'larger/a.md': 'x'.repeat(600),
    'larger/b.md': 'x'.repeat(401),
  });
  git('checkout', '-q', '-b', 'wrong', 'trunk');
  await symlink('/etc/passwd', join(root, 'docs/link.md'));
  await commit({ 'wrong/a.md': Buffer.from([0x0a, 0xff]) });
  git('checkout', '-q', 'trunk');
  await commit({ 'docs/a.md': 'now' });
}, 30_000);
afterAll(() => rm(root, { recursive: true, force: true }));

const read = (fragment: string, changed: Partial<ReadLimits> = {}) =>
  readLibrary(parseSource(`git+file://${root.replaceAll(' ', '%20')}${fragment}`), { ...limits, ...changed });

test('One file of the default branch, a branch, a tag and a commit is read', async () => {
  const texts = ['#:docs/a.md', '#trunk:docs/a.md', '#feature/x:docs/a.md', '#v1:docs/a.md', `#${first}:docs/a.md`];
  const contents = await Promise.all(texts.map((fragment) => read(fragment)));
  expect(contents.map(({ layout, files }) => [layout, files.length, files[0]?.path, files[0]?.text])).toEqual([
    ['file', 1, 'a.md', 'now'],
    ['file', 1, 'a.md', 'now'],
    ['file', 1, 'a.md', 'feature'],
    ['file', 1, 'a.md', 'first'],
    ['file', 1, 'a.md', 'first'],
  ]);
});

test('A folder is every Markdown file in it, in the order of their paths, and nothing hidden', async () => {
  const { layout, files } = await read('#feature/x:docs');
  expect(layout).toBe('folder');
  expect(files).toEqual([
    { path: 'a.md', text: 'feature' },
    { path: 'sub/b.markdown', text: 'b' },
    { path: 'é ü.md', text: 'é' },
  ]);
});

test('A repository without a path is a folder too', async () => {
  expect((await read('')).files.map((file) => file.path)).toEqual(['docs/a.md', 'docs/sub/b.markdown']);
});

test('A link in the repository is not followed', async () => {
  expect((await read('#wrong:docs')).files.map((file) => file.path)).toEqual(['a.md', 'sub/b.markdown']);
});

test('A folder and a file of the limit are read, one byte more is refused', async () => {
  expect((await read('#large:large')).files[0]?.text).toHaveLength(1000);
  expect((await read('#large:large/a.md')).files[0]?.text).toHaveLength(1000);
  await expect(read('#large:larger')).rejects.toThrow('all Markdown files together has 1001 bytes');
  await expect(read('#large:large.md')).rejects.toThrow('the file has 1001 bytes, and a library may have 1000 bytes');
});

test.each([
  ['#nowhere', 'the repository has no branch, tag or full commit id "nowhere"'],
  ['#trunk:docs/no.md', '"trunk" has no file or folder "docs/no.md"'],
  ['#:no', 'its default branch has no file or folder "no"'],
  ['#:.github/workflows', 'its default branch has no file or folder'],
  ['#wrong:wrong/a.md', 'a.md is not UTF-8 text (line 2)'],
  ['-not-there', 'git says: '],
])('%j is refused', async (fragment, message) => {
  await expect(read(fragment)).rejects.toThrow(message);
});

test('A hidden folder is read where it is named', async () => {
  expect((await read('#:.github')).files).toEqual([{ path: 'd.md', text: 'd' }]);
});

test('A folder without Markdown is refused', async () => {
  git('checkout', '-q', '--orphan', 'empty');
  git('rm', '-rfq', '.');
  await commit({ 'only/c.txt': 'c' });
  git('checkout', '-q', 'trunk');
  await expect(read('#empty:only')).rejects.toThrow('the folder has no Markdown file');
});

test('Without git the message says what to do', async () => {
  await expect(read('', { environment: { PATH: '/nowhere' } })).rejects.toThrow(
    'git is not installed here: install it, or import the library as a folder or https file.',
  );
});

describe('The git program', () => {
  let bin: string;

  beforeEach(async () => {
    bin = await mkdtemp(join(tmpdir(), 'recert-git-'));
  });
  afterEach(() => rm(bin, { recursive: true }));

  /** Reads with a program of these lines in the place of git. */
  async function readWith(
    lines: string,
    changed: Partial<ReadLimits> = {},
    address = 'git@example.org:x.git',
  ): Promise<string> {
    await writeFile(join(bin, 'git'), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
    const reading = readLibrary(parseSource(address), {
      ...limits,
      environment: { PATH: bin },
      ...changed,
    });
    return reading.then(() => 'no error', String);
  }
  const found = (name: string) => readFile(join(bin, name), 'utf8');

  test('gets what it needs of our environment, no secret, and is never allowed to ask', async () => {
    const environment = {
      PATH: bin,
      HOME: '/home/ada',
      HTTPS_PROXY: 'http://proxy',
      TELEGRAM_BOT_TOKEN: 's3cr3t',
      GIT_TERMINAL_PROMPT: '1',
    };
    await readWith(`/usr/bin/env > ${bin}/env; exit 1`, { environment });
    const seen = (await found('env')).split('\n');
    expect(seen).toEqual(
      expect.arrayContaining(['HOME=/home/ada', 'HTTPS_PROXY=http://proxy', 'GIT_TERMINAL_PROMPT=0', 'LC_ALL=C']),
    );
    expect(seen.join()).not.toMatch(/TELEGRAM|s3cr3t/);
  });

  test('is ended after the time allowed with all that it started, and its folder is removed', async () => {
    const lines = `echo $GIT_DIR > ${bin}/dir; (/bin/sleep 1.5; echo > ${bin}/outlived) & wait`;
    const message = await readWith(lines, { timeoutMs: 500 });
    expect(message).toContain('git@example.org:x.git: git did not finish within 0.5 seconds: try again later.');
    await expect(access((await found('dir')).trim())).rejects.toThrow('ENOENT');
    await setTimeout(1_500);
    await expect(found('outlived')).rejects.toThrow('ENOENT');
  });

  test('is not given the password of an address as an argument, which every user of the machine could see', async () => {
    await readWith(`echo "$@" >> ${bin}/args`, {}, 'https://me:p%40ss@example.org/x.git');
    expect(await found('args')).toMatch(/ fetch .* -- https:\/\/example\.org\/x\.git HEAD\n/);
    expect(await found('args')).not.toMatch(/me:|p@ss|p%40ss|Authorization/);
  });

  test('is believed in what it says, without passwords', async () => {
    const message = await readWith('echo "fatal: no way to ssh://me:s3cr3t@example.org/x" >&2; exit 128');
    expect(message).toBe(
      'LibraryReadError: Cannot read the library git@example.org:x.git: git says: fatal: no way to ssh://example.org/x; can this service reach and read the repository?',
    );
  });
});

describe('A server that never answers', () => {
  let server: Server;
  let address: string;
  let received: Promise<string>;

  beforeEach(async () => {
    server = createServer();
    received = new Promise((resolve) => {
      server.on('connection', (socket) => {
        socket.on('error', () => undefined);
        socket.once('data', (data) => resolve(data.toString()));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `127.0.0.1:${(server.address() as AddressInfo).port}/x.git`;
  });
  afterEach(() => server.close());

  test('is given up after the time allowed, and no connection stays open', async () => {
    const hasEnded = new Promise((resolve) => server.once('connection', (socket) => socket.once('close', resolve)));
    const reading = readLibrary(parseSource(`http://${address}`), { ...limits, timeoutMs: 1_000 });
    await expect(reading).rejects.toThrow(
      `Cannot read the library http://${address}: git did not finish within 1 seconds: try again later.`,
    );
    await hasEnded;
  });

  test('gets the user and password of the address', async () => {
    const reading = readLibrary(parseSource(`http://me:p%40ss@${address}`), { ...limits, timeoutMs: 1_000 });
    reading.catch(() => undefined);
    expect(await received).toContain(`Authorization: Basic ${Buffer.from('me:p@ss').toString('base64')}\r\n`);
    await expect(reading).rejects.toThrow('git did not finish');
  });
});
