export interface TestPerson {
  /** As in an `owner:` line, without the @. */
  handle: string;
  firstName: string;
  telegramId: number;
}

/** Owner of most processes. */
export const alice: TestPerson = { handle: 'alice', firstName: 'Alice', telegramId: 1001 };
/** Alice's deputy. */
export const bob: TestPerson = { handle: 'bob', firstName: 'Bob', telegramId: 1002 };
/** Admin of the organisation. */
export const carol: TestPerson = { handle: 'carol', firstName: 'Carol', telegramId: 1003 };
/** Nobody knows her, and she tries. */
export const mallory: TestPerson = { handle: 'mallory', firstName: 'Mallory', telegramId: 6666 };
