import { randomFillSync } from 'node:crypto';

const BYTES = 16;
/** Chance is cheaper by the page than by the id. */
const pool = Buffer.alloc(256 * BYTES);
let used = pool.length;

/** A UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then chance, so that ids sort by time. */
export function newEventId(now: Date = new Date()): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, (used += BYTES));
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** No id that was made at that moment or later sorts before it. */
export function firstEventIdAt(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** The moment with which an id was made, in whole milliseconds. */
export function timeOfEventId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
