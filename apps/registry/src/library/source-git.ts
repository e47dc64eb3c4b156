import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { LibraryContent, ReadLimits } from './read-library';
import type { LibrarySource } from './source-address';
import { LibraryReadError, tooLarge } from './source-error';
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

const LISTING_BYTES = 64 * 1024 * 1024;
const INHERITED =
  /^(?:PATH|HOME|USER|LOGNAME|TMPDIR|SSH_AUTH_SOCK|GIT_SSH|GIT_SSH_COMMAND|XDG_CONFIG_HOME|SSL_CERT_FILE|SSL_CERT_DIR|GIT_SSL_CAINFO|(?:https?|all|no)_proxy)$/i;

/**
 * Reads the Markdown of one commit of a git repository. Nothing is checked out: files are taken from git's own store, so
 * that links, hooks and filters of the repository have no part in it. The copy is removed afterwards.
 */
export async function readGit(source: GitSource, limits: ReadLimits): Promise<LibraryContent> {
  const directory = await mkdtemp(join(tmpdir(), 'recert-library-'));
  try {
    const git = new Git(source, limits, directory);
    await git.run(['init', '--quiet', '--bare', '.']);
    await git.run(['fetch', '--quiet', '--depth', '1', '--no-tags', '--', source.remote, source.ref ?? 'HEAD']);
    return await readCommit(git, source, limits);
  } finally {
    await rm(directory, { recursive: true, force: true });
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

class Git {
  private readonly deadline: number;
  private readonly environment: Record<string, string>;

  constructor(
    private readonly source: GitSource,
    private readonly limits: ReadLimits,
    private readonly directory: string,
  ) {
    this.deadline = performance.now() + limits.timeoutMs;
    this.environment = { ...gitEnvironment(limits.environment), GIT_DIR: directory };
  }

  /** Runs git without a shell and answers what it prints; what it complains about becomes a LibraryReadError. */
  run(args: readonly string[], input = '', maxBuffer = LISTING_BYTES): Promise<Buffer> {
    const timeout = Math.max(1, Math.ceil(this.deadline - performance.now()));
    const options = { cwd: this.directory, env: this.environment, encoding: 'buffer', timeout, maxBuffer } as const;
    return new Promise((resolve, reject) => {
      const child = execFile('git', ['-c', 'core.askPass=', ...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(this.explain(error, stderr.toString()));
      });
      // A git that ended early has closed its side: its exit code says why, not our broken pipe.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
  }

  private explain(error: { code?: unknown; killed?: boolean }, complaint: string): LibraryReadError {
    return new LibraryReadError(this.source.label, this.reason(error.code, error.killed === true, complaint));
  }

  private reason(code: unknown, killed: boolean, complaint: string): string {
    if (code === 'ENOENT')
      return 'git is not installed here: install it, or import the library as a folder or https file';
    if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
      return 'the repository has too many files: name a folder, #main:docs';
    if (killed) return `git did not finish within ${this.limits.timeoutMs / 1000} seconds: try again later`;
    if (/couldn't find remote ref/i.test(complaint)) {
      return `the repository has no branch, tag or full commit id "${this.source.ref ?? 'HEAD'}"`;
    }
    return `git says: ${withoutSecrets(complaint)}; can this service reach and read the repository?`;
  }
}

/** What git needs to reach a server, and that it must never wait for somebody to type. */
function gitEnvironment(given: ReadLimits['environment']): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && INHERITED.test(name)) kept[name] = value;
  return {
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
    ...kept,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
    LC_ALL: 'C',
  };
}

function withoutSecrets(complaint: string): string {
  const lines = complaint.split('\n').filter((line) => line.trim() !== '');
  const said = lines
    .slice(0, 3)
    .join(' / ')
    .replace(/:\/\/[^/\s'"]*@/g, '://');
  return said === '' ? 'nothing' : said;
}
