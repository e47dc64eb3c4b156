import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { decryptionBy, encryptionFor, looksEncrypted, newKey } from './encryption';

const CHUNK = 64 * 1024;

async function encrypted(plain: Buffer, ...recipients: string[]): Promise<Buffer> {
  return buffer(await (await encryptionFor(recipients))(Readable.from(plain.length === 0 ? [] : [plain])));
}

async function opened(file: Buffer, identity: string): Promise<Buffer> {
  return buffer(await (await decryptionBy(identity))(Readable.from([file])));
}

describe('encryption', () => {
  // The format goes by pieces of 64 KB.
  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])('gives %i bytes back to the key', async (size) => {
    const { identity, recipient } = await newKey();
    const plain = randomBytes(size);
    const file = await encrypted(plain, recipient);
    expect(looksEncrypted(file)).toBe(true);
    expect((await opened(file, identity)).equals(plain)).toBe(true);
  });

  it('is for every recipient, also by a file as age-keygen writes it', async () => {
    const [one, other] = [await newKey(), await newKey()];
    const file = await encrypted(Buffer.from('all'), one.recipient, other.recipient);
    for (const { identity, recipient } of [one, other]) {
      const keygen = `# created: 2026-11-30T21:30:00Z\n# public key: ${recipient}\n${identity}\n`;
      expect((await opened(file, keygen)).toString()).toBe('all');
    }
  });

  it('opens for no other key', async () => {
    const file = await encrypted(Buffer.from('all'), (await newKey()).recipient);
    await expect(opened(file, (await newKey()).identity)).rejects.toThrow('it was made for another one');
  });

  it.each([
    ['its header', 3],
    ['its first piece', 250],
    ['its last byte', -1],
  ])('tells of one changed bit in %s', async (_, place) => {
    const { identity, recipient } = await newKey();
    const file = await encrypted(randomBytes(CHUNK * 2), recipient);
    file[(place + file.length) % file.length]! ^= 1;
    await expect(opened(file, identity)).rejects.toThrow();
  });

  it('tells of a file that was cut off, also between two pieces', async () => {
    const { identity, recipient } = await newKey();
    const file = await encrypted(randomBytes(CHUNK * 2), recipient);
    for (const end of [file.length - 1, file.length - CHUNK - 16, 300]) {
      await expect(opened(file.subarray(0, end), identity)).rejects.toThrow();
    }
  });

  it('refuses keys that are none, without saying a secret one', async () => {
    await expect(encryptionFor(['age1abc'])).rejects.toThrow('BACKUP_RECIPIENT: "age1abc" is no key');
    await expect(decryptionBy('AGE-SECRET-KEY-1ABC')).rejects.toThrow(/^the identity is no key of age(?!.*1ABC)/);
    await expect(decryptionBy('# only a comment\n')).rejects.toThrow('there is no key in the identity');
  });
});
