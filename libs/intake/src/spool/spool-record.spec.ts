import { newEventId, timeOfEventId } from '@recert/bus';
import fc from 'fast-check';
import { type NewIntake } from '../intake.repository';
import { encodeRow, LONGEST_RECORD, readRow } from './spool-record';

function rowOf(body: Buffer, more: Partial<NewIntake> = {}): NewIntake {
  const id = newEventId();
  return {
    ...{ id, hook: 'notes', target: 'lugha', sender: 'token 1', productId: null, headers: { 'x-kind': 'ü\n' } },
    ...{ body, attempts: 1, receivedAt: timeOfEventId(id), repeatKey: null, digest: 'd'.repeat(32), ...more },
  };
}

describe('a record of the spool', () => {
  it('gives back every row as it was, one behind the other', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2_000 }), { minLength: 1, maxLength: 5 }), (bodies) => {
        const rows = bodies.map((body) => rowOf(Buffer.from(body)));
        const bytes = Buffer.concat(rows.map(encodeRow));
        let at = 0;
        for (const row of rows) {
          const read = readRow(bytes, at);
          expect(read).toMatchObject({ kind: 'row', row });
          at = read.kind === 'row' ? read.end : Infinity;
        }
        expect(at).toBe(bytes.length);
      }),
    );
  });

  it('is not there yet when any of its end is missing', () => {
    const record = encodeRow(rowOf(Buffer.from('{"text":"a"}')));
    for (let length = 0; length < record.length; length += 1)
      expect(readRow(record.subarray(0, length), 0)).toEqual({ kind: 'more' });
  });

  it('is damaged when any bit of it is another one', () => {
    const record = encodeRow(rowOf(Buffer.from('{"text":"a"}')));
    fc.assert(
      fc.property(fc.integer({ min: 4 * 8, max: record.length * 8 - 1 }), (bit) => {
        const other = Buffer.from(record);
        other[bit >> 3]! ^= 1 << (bit & 7);
        expect(readRow(other, 0)).toEqual({ kind: 'damaged' });
      }),
    );
  });

  it('is damaged when it says to be longer than any', () => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(LONGEST_RECORD, 0);
    expect(readRow(bytes, 0)).toEqual({ kind: 'more' });
    bytes.writeUInt32BE(LONGEST_RECORD + 1, 0);
    expect(readRow(bytes, 0)).toEqual({ kind: 'damaged' });
  });

  it('is damaged where zeros were written instead, as after a power cut', () => {
    expect(readRow(Buffer.alloc(64), 0)).toEqual({ kind: 'damaged' });
  });
});
