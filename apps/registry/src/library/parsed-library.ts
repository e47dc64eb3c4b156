/** A Markdown file of a library: its path below the library's root (posix, relative) and its text. */
export interface LibraryFile {
  readonly path: string;
  readonly text: string;
}

/** Something to tell the author of a library, and the place: the line counts from 1. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Somebody an owner or deputy line names, and where first. */
export interface ParsedPerson {
  readonly handle: string;
  /** As written; the handle itself where nothing else is. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export interface ParsedProcess {
  readonly id: string;
  readonly name: string;
  readonly section: string | null;
  /** Handle, or null: nobody owns it yet. */
  readonly owner: string | null;
  readonly deputy: string | null;
  /** As written; the parser has only asked whether it can be read. */
  readonly triggerPeriod: string | null;
  readonly product: 'each' | null;
  readonly url: string | null;
  /** False for an item of the list at the top that has no record. */
  readonly documented: boolean;
  /** The Markdown of the record, its heading included, or null. */
  readonly record: string | null;
  /** SHA-256 (hex) of what a review is about; another owner, another place or other line ends do not change it. */
  readonly recordHash: string | null;
  readonly file: string;
  readonly line: number;
}

export interface ParseOptions {
  /** The address of the file (or of the folder) that people open, without a slash at the end; null: no urls. */
  readonly baseUrl: string | null;
  /** Why a text is no period, or null if it is one. */
  readonly checkPeriod: (text: string) => string | null;
  /** Whether the library is one file or a folder; by default as many files suggest. */
  readonly layout?: 'file' | 'folder';
}

export type ParsedLibrary =
  | {
      readonly ok: true;
      readonly processes: readonly ParsedProcess[];
      readonly people: readonly ParsedPerson[];
      readonly warnings: readonly Finding[];
    }
  | { readonly ok: false; readonly errors: readonly Finding[] };
