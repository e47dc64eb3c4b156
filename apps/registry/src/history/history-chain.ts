import { createHash } from 'node:crypto';

/** One field that changed, before it has a place in the chain. */
export interface HistoryEntry {
  readonly at: Date;
  /** Who did it: a handle, `admin`, `library`, `scheduler`, or the name of a token. */
  readonly by: string;
  readonly processId: string | null;
  readonly person: string | null;
  readonly field: string;
  readonly old: string | null;
  readonly new: string | null;
  /** Why it changed, e.g. `answer: correct`. */
  readonly cause: string;
  /** Through which door: telegram, inbox, http, library, scheduler. */
  readonly source: string;
}

/** A row of the chain. Hashes are SHA-256 in hexadecimal. */
export interface HistoryRow extends HistoryEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
}

/** The end of the chain: the last row's number and hash. */
export interface HistoryHead {
  readonly seq: number;
  readonly hash: string;
}

/** What stands before the first row. */
export const emptyHead: HistoryHead = { seq: 0, hash: '0'.repeat(64) };

/** The hash of a row: SHA-256 over the JSON array of its columns, the hash of the row before it last. */
export function hashOf(row: Omit<HistoryRow, 'hash'>): string {
  const { seq, at, by, processId, person, field, old, cause, source, prevHash } = row;
  const columns = [seq, at.toISOString(), by, processId, person, field, old, row.new, cause, source, prevHash];
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex');
}

/** Puts entries behind the head, in their order. */
export function chain(head: HistoryHead, entries: readonly HistoryEntry[]): HistoryRow[] {
  let { seq, hash } = head;
  return entries.map((entry) => {
    const unhashed = { ...entry, seq: (seq += 1), prevHash: hash };
    hash = hashOf(unhashed);
    return { ...unhashed, hash };
  });
}

/** What is wrong with a row, given what stands before it; null when nothing is. */
export function whatIsWrong(before: HistoryHead, row: HistoryRow): { seq: number; what: string } | null {
  if (row.seq !== before.seq + 1) {
    return { seq: before.seq + 1, what: `row ${before.seq + 1} is missing: row ${row.seq} follows row ${before.seq}` };
  }
  if (row.prevHash !== before.hash) {
    return { seq: row.seq, what: `row ${row.seq} was changed: it does not carry the hash of row ${before.seq}` };
  }
  if (row.hash !== hashOf(row)) {
    return { seq: row.seq, what: `row ${row.seq} was changed: its hash is not the hash of its content` };
  }
  return null;
}
