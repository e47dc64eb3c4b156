/** A person of the tests; fits `FakeTelegram.user`. */
export interface TestPerson {
  /** As in an `owner:` line, without the @. */
  handle: string;
  firstName: string;
  /** Of the Telegram account, as `username` is. */
  id: number;
  username: string;
}

/** Owner of most processes. */
export const alice: TestPerson = { handle: 'alice', firstName: 'Alice', id: 1001, username: 'alice_tg' };
/** Alice's deputy. */
export const bob: TestPerson = { handle: 'bob', firstName: 'Bob', id: 1002, username: 'bob_tg' };
/** Admin of the organisation. */
export const carol: TestPerson = { handle: 'carol', firstName: 'Carol', id: 1003, username: 'carol_tg' };
/** Nobody knows her, and she tries. */
export const mallory: TestPerson = { handle: 'mallory', firstName: 'Mallory', id: 6666, username: 'mallory_tg' };
