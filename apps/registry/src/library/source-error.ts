/** A library could not be read. The message names the source, what is wrong with it, and what to do. */
export class LibraryReadError extends Error {
  override readonly name = 'LibraryReadError';

  /**
   * @param source how a person would call it, without secrets
   * @param reason what is wrong and how to mend it
   */
  constructor(
    readonly source: string,
    readonly reason: string,
  ) {
    super(`Cannot read the library ${source}: ${reason}${reason.endsWith('?') ? '' : '.'}`);
  }
}

/** The refusal of a library above the limit; `what` is the file, or the library as a whole. */
export function tooLarge(source: string, what: string, bytes: number | null, maxBytes: number): LibraryReadError {
  const size = bytes === null ? `more than ${inMegabytes(maxBytes)}` : inMegabytes(bytes);
  const hint = 'name the Markdown file or folder itself, or split the library';
  return new LibraryReadError(source, `${what} has ${size}, and a library may have ${inMegabytes(maxBytes)}: ${hint}`);
}

function inMegabytes(bytes: number): string {
  const megabytes = bytes / (1024 * 1024);
  return megabytes >= 0.1 ? `${Math.round(megabytes * 10) / 10} MB` : `${bytes} bytes`;
}

/** What went wrong by the account of Node or of a program, and its code (`ENOENT`, ..) where it has one. */
export function detailsOf(error: unknown): {
  readonly message: string;
  readonly code: string;
  readonly cause: unknown;
} {
  const details: { message?: unknown; code?: unknown; cause?: unknown } = Object(error) as object;
  return {
    message: typeof details.message === 'string' ? details.message : String(error),
    code: typeof details.code === 'string' ? details.code : '',
    cause: details.cause,
  };
}
