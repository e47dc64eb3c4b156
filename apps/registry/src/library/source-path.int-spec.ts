import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { limits } from './fixtures/limits';
import { readLibrary } from './read-library';
import { parseSource } from './source-address';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'recert-test-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string | Buffer): Promise<string> {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, text);
  return full;
}

const read = (path: string) => readLibrary(parseSource(path), limits);

describe('a file', () => {
  test('is read as it is, by path and by file address, whatever its name', async () => {
    const path = await write('a b.txt', '# é\r\n');
    const expected = { layout: 'file', files: [{ path: 'a b.txt', text: '# é\r\n' }] };
    expect(await read(path)).toEqual(expected);
    expect(await read(`file://${path.replace(' ', '%20')}`)).toEqual(expected);
  });

  test('may be reached by a link', async () => {
    await symlink(await write('a.md', 'x'), join(root, 'b.md'));
    expect(await read(join(root, 'b.md'))).toEqual({ layout: 'file', files: [{ path: 'b.md', text: 'x' }] });
  });

  test('may be as large as the limit, and no byte larger', async () => {
    expect((await read(await write('a.md', 'x'.repeat(1000)))).files[0]?.text).toHaveLength(1000);
    const path = await write('b.md', 'x'.repeat(1001));
    await expect(read(path)).rejects.toThrow(
      `Cannot read the library ${path}: b.md has 1001 bytes, and a library may have 1000 bytes: name the Markdown file or folder itself, or split the library.`,
    );
  });

  test('of 50 MB is refused without being read', async () => {
    const path = await write('a.md', '');
    await truncate(path, 50 * 1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    await expect(readLibrary(parseSource(path), { ...limits, maxBytes: 20 * 1024 * 1024 })).rejects.toThrow(
      'a.md has 50 MB, and a library may have 20 MB',
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * 1024 * 1024);
  });

  test('that is not UTF-8 is refused with its line', async () => {
    const path = await write('a.md', Buffer.from([0x61, 0x0a, 0xff]));
    await expect(read(path)).rejects.toThrow('a.md is not UTF-8 text (line 2): save it as UTF-8.');
  });

  test('that is not there, or not a file at all, is refused by its name', async () => {
    await expect(read(join(root, 'no.md'))).rejects.toThrow(`${join(root, 'no.md')}: there is no such file or folder`);
    await expect(read(join(await write('a.md', ''), 'b.md'))).rejects.toThrow('part of its path is a file');
    await expect(read('/dev/null')).rejects.toThrow('it is neither a file nor a folder');
    await symlink(join(root, 'self.md'), join(root, 'self.md'));
    await expect(read(join(root, 'self.md'))).rejects.toThrow('its links lead in a circle');
  });
});

describe('a folder', () => {
  const pathsOf = async () => (await read(root)).files.map((file) => file.path);

  test('is every Markdown file in it at every depth, in the order of their paths', async () => {
    for (const path of ['b/z.md', 'b.md', 'a.markdown', 'A.MD', 'b/c/d.md', 'x.txt', 'é.md']) await write(path, path);
    const { layout, files } = await read(root);
    expect(layout).toBe('folder');
    expect(files.map(({ path }) => path)).toEqual(['A.MD', 'a.markdown', 'b.md', 'b/c/d.md', 'b/z.md', 'é.md']);
    expect(files.every(({ path, text }) => path === text)).toBe(true);
  });

  test('is read without what is hidden and without node_modules', async () => {
    for (const path of ['a.md', '.hidden.md', '.git/b.md', 'node_modules/x/c.md', 'd/node_modules/e.md'])
      await write(path, '');
    expect(await pathsOf()).toEqual(['a.md']);
  });

  test('is never left by a link', async () => {
    await write('lib/a.md', '');
    await write('outside.md', 'secret');
    await write('library-beside/b.md', 'secret');
    await symlink(join(root, 'outside.md'), join(root, 'lib/link.md'));
    await symlink(join(root, 'library-beside'), join(root, 'lib/folder'));
    await symlink(root, join(root, 'lib/up'));
    await symlink(join(root, 'nowhere'), join(root, 'lib/broken.md'));
    expect((await read(join(root, 'lib'))).files.map((file) => file.path)).toEqual(['a.md']);
  });

  test('has a file once, though links lead to it, and links that lead in a circle end', async () => {
    await write('sub/a.md', '');
    await symlink(join(root, 'sub/a.md'), join(root, '0.md'));
    await symlink(join(root, 'sub'), join(root, '0'));
    await symlink(root, join(root, 'sub/loop'));
    expect(await pathsOf()).toEqual(['sub/a.md']);
  });

  test('has a file by the name of the link where it is hidden otherwise, as in a mounted volume', async () => {
    await write('..2026_11_22/processes.md', 'x');
    await symlink('..2026_11_22', join(root, '..data'));
    await symlink('..data/processes.md', join(root, 'processes.md'));
    expect(await pathsOf()).toEqual(['processes.md']);
  });

  test('may have the limit in all its files together, and no byte more', async () => {
    await write('a.md', 'x'.repeat(600));
    await write('b.md', 'x'.repeat(400));
    await write('c.txt', 'x'.repeat(400));
    expect(await pathsOf()).toHaveLength(2);
    await write('c.md', 'x');
    await expect(read(root)).rejects.toThrow('the folder up to c.md has 1001 bytes, and a library may have 1000 bytes');
  });

  test('without Markdown is refused', async () => {
    await write('a.txt', '');
    await expect(read(root)).rejects.toThrow('the folder has no Markdown file (*.md, *.markdown)');
  });

  test('with a file that is not UTF-8 is refused with its name and line', async () => {
    await write('b/a.md', Buffer.from([0x0a, 0xc3, 0x28]));
    await expect(read(root)).rejects.toThrow('b/a.md is not UTF-8 text (line 2)');
  });
});
