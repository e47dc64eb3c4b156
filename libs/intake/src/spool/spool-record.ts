import { crc32 } from 'node:zlib';
import { timeOfEventId } from '@recert/bus';
import { type NewIntake } from '../intake.repository';

/** How each file begins. Another version of the format says another number. */
export const SPOOL_HEADER = Buffer.from('recert spool 1\n');
/** Length and checksum, each 32 bits, the higher ones first. */
const PREFIX = 8;
/** A body has 1 MB at most, and what is kept in its place not much more. */
export const LONGEST_RECORD = 4 * 1024 * 1024;

/** What stands at a place of a file. */
export type Read =
  | { readonly kind: 'row'; readonly row: NewIntake; readonly end: number }
  /** It goes on behind what was read. */
  | { readonly kind: 'more' }
  /** Nobody wrote this, or not all of it. */
  | { readonly kind: 'damaged' };

/** A record: length and CRC32 of what follows, which is the row as a line of JSON, and its body as it came. */
export function encodeRow({ body, receivedAt: _, attempts: __, ...row }: NewIntake): Buffer {
  const head = Buffer.from(`${JSON.stringify(row)}\n`);
  const record = Buffer.allocUnsafe(PREFIX + head.length + body.length);
  const payload = record.subarray(PREFIX);
  head.copy(payload);
  body.copy(payload, head.length);
  record.writeUInt32BE(payload.length, 0);
  record.writeUInt32BE(crc32(payload), 4);
  return record;
}

/** Reads the record that begins at `at`. Its body is a part of `bytes`. */
export function readRow(bytes: Buffer, at: number): Read {
  if (bytes.length - at < PREFIX) return { kind: 'more' };
  const length = bytes.readUInt32BE(at);
  if (length > LONGEST_RECORD) return { kind: 'damaged' };
  const end = at + PREFIX + length;
  if (end > bytes.length) return { kind: 'more' };
  const payload = bytes.subarray(at + PREFIX, end);
  if (crc32(payload) !== bytes.readUInt32BE(at + 4)) return { kind: 'damaged' };
  const row = parseRow(payload);
  return row === null ? { kind: 'damaged' } : { kind: 'row', row, end };
}

function parseRow(payload: Buffer): NewIntake | null {
  const lineEnd = payload.indexOf('\n');
  if (lineEnd < 0) return null;
  const row = JSON.parse(payload.toString('utf8', 0, lineEnd)) as Omit<NewIntake, 'body' | 'receivedAt' | 'attempts'>;
  return { ...row, body: payload.subarray(lineEnd + 1), receivedAt: timeOfEventId(row.id), attempts: 1 };
}
