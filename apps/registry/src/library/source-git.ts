import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { LibraryContent, ReadLimits } from './read-library';
import type { LibrarySource } from './source-address';
import { LibraryReadError, tooLarge } from './source-error';
import { Git } from './source-git-program';
import { isMarkdown, isSkipped } from './source-path';
import { decodeMarkdown } from './source-text';

type GitSource = Extract<LibrarySource, { kind: 'git' }>;

/** A file of the fetched commit. */
interface Blob {
  readonly object: string;
  readonly size: number;
  /** Relative to the path of the source; empty for that path itself. */
  readonly path: string;
}

/**
 * Reads the Markdown of one commit of a git repository. Nothing is checked out: files are taken from git's own store, so
 * that links, hooks and filters of the repository have no part in it. The copy is removed afterwards.
 */
export async function readGit(source: GitSource, limits: ReadLimits): Promise<LibraryContent> {
  const directory = await mkdtemp(join(tmpdir(), 'recert-library-'));
  try {
    const git = new Git(source, limits, directory);
    await git.run(['init', '--quiet', '--bare', '.']);
    await git.fetch();
    return await readCommit(git, source, limits);
  } finally {
    // Programs that were just ended may still be letting go of it.
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function readCommit(git: Git, source: GitSource, limits: ReadLimits): Promise<LibraryContent> {
  const place = source.path === null ? 'FETCH_HEAD^{tree}' : `FETCH_HEAD:${source.path}`;
  // It answers `<object> <type> <size>`, or what was asked and `missing`.
  const answer = (await git.run(['cat-file', '--batch-check'], `${place}\n`)).toString('utf8');
  const [, object = '', type = '', size = ''] = /^([0-9a-f]+) (blob|tree) (\d+)$/m.exec(answer) ?? [];
  if (type === 'blob') {
    return { layout: 'file', files: await readBlobs(git, source, [{ object, size: Number(size), path: '' }], limits) };
  }
  if (type !== 'tree') {
    const where = source.ref === null ? 'its default branch' : `"${source.ref}"`;
    throw new LibraryReadError(source.label, `${where} has no file or folder "${source.path ?? ''}"`);
  }
  const blobs = parseListing(await git.run(['ls-tree', '-r', '-l', '-z', object]));
  if (blobs.length === 0) {
    throw new LibraryReadError(source.label, 'the folder has no Markdown file (*.md, *.markdown)');
  }
  return { layout: 'folder', files: await readBlobs(git, source, blobs, limits) };
}

/** The Markdown files of `ls-tree -r -l -z`, sorted; its lines are `100644 blob <object> <size>\t<path>`. */
function parseListing(listing: Buffer): Blob[] {
  const blobs: Blob[] = [];
  for (const line of listing.toString('utf8').split('\0')) {
    const [, mode = '', object = '', size = '', path = ''] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(line) ?? [];
    const isFile = mode.startsWith('100');
    if (isFile && isMarkdown(path) && !path.split('/').some(isSkipped))
      blobs.push({ object, size: Number(size), path });
  }
  return blobs.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readBlobs(git: Git, source: GitSource, blobs: readonly Blob[], limits: ReadLimits) {
  const total = blobs.reduce((sum, blob) => sum + blob.size, 0);
  const what = blobs.length === 1 ? 'the file' : 'all Markdown files together';
  if (total > limits.maxBytes) throw tooLarge(source.label, what, total, limits.maxBytes);
  const names = blobs.map((blob) => `${blob.object}\n`).join('');
  const output = await git.run(['cat-file', '--batch'], names, total + blobs.length * 128);
  let at = 0;
  return blobs.map((blob) => {
    // Each object comes as `<object> blob <size>`, a line feed, its bytes, and a line feed.
    const start = output.indexOf('\n', at) + 1;
    at = start + blob.size + 1;
    const path = blob.path === '' ? basename(source.path ?? '') : blob.path;
    return { path, text: decodeMarkdown(source.label, path, output.subarray(start, start + blob.size)) };
  });
}
