import { Readable } from 'node:stream';
import { sumOf, whyNotWhole } from './checksum';

const HEADER = 'age-encryption.org/v1\n-> X25519 abc\n';

describe('a file that is read back', () => {
  it('is whole when it has the bytes that were written, however they come', async () => {
    const written = await sumOf(Readable.from([Buffer.from(`${HEADER}secret`)]));
    const read = await sumOf(Readable.from([...`${HEADER}secret`].map((letter) => Buffer.from(letter))));
    expect(read).toEqual(written);
    expect(whyNotWhole(written, read)).toBeNull();
  });

  it.each([
    ['was cut off by a byte', `${HEADER}secre`, 'it has 41 bytes, not 42'],
    ['has a byte more', `${HEADER}secret!`, 'it has 43 bytes, not 42'],
    ['has another byte', `${HEADER}secreT`, 'it has other bytes than were written'],
    ['is empty', '', 'it does not begin as an encrypted file does'],
    ['is not encrypted', `PGDMP${'x'.repeat(38)}`, 'it does not begin as an encrypted file does'],
  ])('is not when it %s', async (_, content, why) => {
    const written = await sumOf(Readable.from([Buffer.from(`${HEADER}secret`)]));
    const found = await sumOf(Readable.from(content === '' ? [] : [Buffer.from(content)]));
    expect(whyNotWhole(written, found)).toBe(why);
  });

  it('is none when it breaks off', async () => {
    const broken = new Readable({ read: (): void => void broken.destroy(new Error('EIO')) });
    await expect(sumOf(broken)).rejects.toThrow('The backup could not be read to its end: EIO');
  });
});
