import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, posix, sep } from 'node:path';
import type { LibraryContent, ReadLimits } from './read-library';
import type { LibraryFile } from './parsed-library';
import type { LibrarySource } from './source-address';
import { detailsOf, LibraryReadError, tooLarge } from './source-error';
import { decodeMarkdown } from './source-text';

type PathSource = Extract<LibrarySource, { kind: 'path' }>;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder; a relative path counts from where the service was started',
  EACCES: 'this service may not read it: give its user the right to',
  EPERM: 'this service may not read it: give its user the right to',
  ENOTDIR: 'part of its path is a file, not a folder',
  ELOOP: 'its links lead in a circle',
};

/** Reads one Markdown file, or every Markdown file of a folder. */
export async function readPath(source: PathSource, limits: ReadLimits): Promise<LibraryContent> {
  try {
    const found = await stat(source.path);
    if (found.isDirectory()) return { layout: 'folder', files: await readFolder(source, limits) };
    if (!found.isFile()) throw new LibraryReadError(source.label, 'it is neither a file nor a folder');
    const path = basename(source.path);
    const text = decodeMarkdown(source.label, path, await readAtMost(source, source.path, limits.maxBytes, limits));
    return { layout: 'file', files: [{ path, text }] };
  } catch (error) {
    throw asReadError(source, error);
  }
}

async function readFolder(source: PathSource, limits: ReadLimits): Promise<LibraryFile[]> {
  const walk = new FolderWalk(await realpath(source.path));
  const paths = await walk.markdownFiles();
  if (paths.length === 0) {
    throw new LibraryReadError(source.label, 'the folder has no Markdown file (*.md, *.markdown)');
  }
  const files: LibraryFile[] = [];
  let left = limits.maxBytes;
  for (const path of paths) {
    const bytes = await readAtMost(source, join(walk.root, path), left, limits);
    left -= bytes.length;
    files.push({ path, text: decodeMarkdown(source.label, path, bytes) });
  }
  return files;
}

/** Never reads more than one byte above what is left, even of a file that grows meanwhile or has no true size. */
async function readAtMost(source: PathSource, path: string, left: number, limits: ReadLimits): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const what = left === limits.maxBytes ? basename(path) : `the folder up to ${basename(path)}`;
    if (size > left) throw tooLarge(source.label, what, size + limits.maxBytes - left, limits.maxBytes);
    const buffer = Buffer.alloc(size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      ({ bytesRead: read } = await file.read(buffer, length, buffer.length - length, length));
    }
    if (length > size)
      throw new LibraryReadError(source.label, `${basename(path)} changed while it was read: try again`);
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

/** Finds the Markdown files of a folder, each once, and never outside of it. */
class FolderWalk {
  private readonly files: string[] = [];
  /** Where files and folders already met really are. */
  private readonly met = new Set<string>();
  private readonly links: string[] = [];

  constructor(readonly root: string) {}

  /** Relative posix paths, in the order of their characters. */
  async markdownFiles(): Promise<string[]> {
    await this.walk('', this.root);
    // Links come last: what they show inside the folder is mostly there in its own place already.
    for (let link = this.links.shift(); link !== undefined; link = this.links.shift()) await this.follow(link);
    return this.files.sort();
  }

  /** @param folder as its files are called; @param real where it is */
  private async walk(folder: string, real: string): Promise<void> {
    if (this.isMet(real)) return;
    for (const entry of await readdir(real, { withFileTypes: true })) {
      if (isSkipped(entry.name)) continue;
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) await this.walk(path, join(real, entry.name));
      else if (entry.isSymbolicLink()) this.links.push(path);
      else if (entry.isFile()) this.add(path, join(real, entry.name));
    }
  }

  private async follow(link: string): Promise<void> {
    const real = await realpath(join(this.root, link)).catch(() => null);
    if (real === null || !real.startsWith(this.root + sep)) return;
    const found = await stat(real);
    if (found.isDirectory()) await this.walk(link, real);
    else if (found.isFile()) this.add(link, real);
  }

  private add(path: string, real: string): void {
    if (isMarkdown(path) && !this.isMet(real)) this.files.push(path);
  }

  private isMet(real: string): boolean {
    const known = this.met.has(real);
    this.met.add(real);
    return known;
  }
}

export function isMarkdown(path: string): boolean {
  return /\.(?:md|markdown)$/i.test(path);
}

/** Hidden files and folders, and what npm installs, are no part of a library. */
export function isSkipped(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

function asReadError(source: PathSource, error: unknown): LibraryReadError {
  if (error instanceof LibraryReadError) return error;
  const { code, message } = detailsOf(error);
  return new LibraryReadError(source.label, reasons[code] ?? message);
}
