/** How a command ends, for scripts. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The command was not written as it must be. The message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The service does not answer, or what stands before it does. The message says what to do. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** What was asked for could not be done here. The message says why, what is left, and what to do. */
export class FailedError extends Error {
  override readonly name = 'FailedError';
}
