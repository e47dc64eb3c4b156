import { Readable } from 'node:stream';
import { type ReadableStream } from 'node:stream/web';
import { FailedError, UsageError } from '../exit-codes';

/** What every file of the age format begins with. */
const FIRST_LINE = 'age-encryption.org/v1\n';

export interface KeyPair {
  /** AGE-SECRET-KEY-1...: opens backups. */
  readonly identity: string;
  /** age1...: only makes them. */
  readonly recipient: string;
}

/** A new pair of keys, as `age-keygen` makes them. */
export async function newKey(): Promise<KeyPair> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

type Web = ReadableStream<Uint8Array<ArrayBuffer>>;

/**
 * What encrypts a stream for those who hold the secret half of one of the keys.
 * @throws UsageError when a key is none, before anything is read
 */
export async function encryptionFor(recipients: readonly string[]): Promise<(plain: Readable) => Promise<Readable>> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch {
      throw new UsageError(
        `BACKUP_RECIPIENT: "${recipient}" is no key; it may have been cut off. Make one: recert backup key`,
      );
    }
  }
  return async (plain) => Readable.fromWeb((await encrypter.encrypt(Readable.toWeb(plain) as Web)) as Web);
}

/** Whether a file begins as the age format does. */
export const looksEncrypted = (head: Buffer): boolean => head.toString('latin1', 0, FIRST_LINE.length) === FIRST_LINE;

/**
 * What decrypts a stream. A stream that was changed or cut off ends in an error: nothing behind that place comes out.
 * @param identity AGE-SECRET-KEY-1..., or a file as `age-keygen` writes it
 * @throws UsageError when there is no key in it
 */
export async function decryptionBy(identity: string): Promise<(encrypted: Readable) => Promise<Readable>> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  const keys = identity
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.length === 0) throw new UsageError('there is no key in the identity: it has a line AGE-SECRET-KEY-1...');
  for (const key of keys) {
    try {
      decrypter.addIdentity(key);
    } catch {
      // The key itself is said nowhere.
      throw new UsageError('the identity is no key of age: it begins with AGE-SECRET-KEY-1 and may have been cut off');
    }
  }
  return async (encrypted) => {
    try {
      return Readable.fromWeb((await decrypter.decrypt(Readable.toWeb(encrypted) as Web)) as Web);
    } catch (error) {
      encrypted.destroy();
      throw new FailedError(whyNotOpened(error as Error));
    }
  };
}

function whyNotOpened({ message }: Error): string {
  if (message.includes('no identity matched'))
    return 'This key does not open this backup: it was made for another one.';
  return `The backup cannot be opened, its beginning is damaged (${message}).`;
}
