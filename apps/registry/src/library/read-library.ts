import type { LibraryFile } from './parsed-library';
import type { LibrarySource } from './source-address';
import { readGit } from './source-git';
import { readHttp } from './source-http';
import { readPath } from './source-path';

/** What a library may cost to read, and what the programs that read it are given. */
export interface ReadLimits {
  /** All Markdown files of the library together. */
  readonly maxBytes: number;
  /** How long a server may take from the first connection to the last byte, in milliseconds. */
  readonly timeoutMs: number;
  /** The environment of this service: git gets of it what it needs (PATH, HOME, proxies, ssh), and no secret of ours. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export const READ_LIMITS = { maxBytes: 20 * 1024 * 1024, timeoutMs: 60_000 } as const;

export interface LibraryContent {
  /** A file's address is its url; a folder's files have their path behind it. */
  readonly layout: 'file' | 'folder';
  /** In the order of their paths; at least one. */
  readonly files: readonly LibraryFile[];
}

/**
 * Reads every Markdown file of a library into memory. Throws a LibraryReadError where it cannot be reached, has no
 * Markdown, is above the limit (before it is read whole), or is not UTF-8 text.
 */
export function readLibrary(source: LibrarySource, limits: ReadLimits): Promise<LibraryContent> {
  switch (source.kind) {
    case 'path':
      return readPath(source, limits);
    case 'http':
      return readHttp(source, limits);
    case 'git':
      return readGit(source, limits);
  }
}
