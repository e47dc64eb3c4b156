/** A place of the library that has to be mended. */
export interface Mistake {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Each place of a problem's errors that has a file and a line; anything else has none. */
export function mistakesOf(problem: unknown): Mistake[] {
  const { errors = [] } = (typeof problem === 'object' && problem !== null ? problem : {}) as {
    errors?: { file?: string; line?: number; message: string }[];
  };
  return errors.flatMap(({ file, line, message }) =>
    file === undefined || line === undefined ? [] : [{ file, line, message }],
  );
}
