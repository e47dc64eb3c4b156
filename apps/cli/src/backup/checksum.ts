import { createHash } from 'node:crypto';
import { type Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FailedError } from '../exit-codes';
import { looksEncrypted } from './encryption';

/** What a file is, as it was read from its first byte to its last. */
export interface Sum {
  readonly size: number;
  readonly sha256: string;
  readonly isEncrypted: boolean;
}

const HEAD_BYTES = 64;

/** Passes a stream on; what went through is known at its end. */
export class Summing extends Transform {
  private readonly hash = createHash('sha256');
  private size = 0;
  private head = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.hash.update(chunk);
    this.size += chunk.length;
    if (this.head.length < HEAD_BYTES) this.head = Buffer.concat([this.head, chunk.subarray(0, HEAD_BYTES)]);
    done(null, chunk);
  }

  sum(): Sum {
    return { size: this.size, sha256: this.hash.digest('hex'), isEncrypted: looksEncrypted(this.head) };
  }
}

/** Reads a stream to its end. @throws FailedError when it breaks off */
export async function sumOf(stream: Readable): Promise<Sum> {
  const summing = new Summing();
  try {
    await pipeline(stream, summing, new Writable({ write: (_chunk, _encoding, done) => done() }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new FailedError(`The backup could not be read to its end: ${code ?? message}`, { cause: error });
  }
  return summing.sum();
}

/**
 * Why what was read back is not what was written; null where it is.
 * @param wanted size and sum of what was written
 */
export function whyNotWhole(wanted: Pick<Sum, 'size' | 'sha256'>, found: Sum): string | null {
  if (!found.isEncrypted) return 'it does not begin as an encrypted file does';
  if (found.size !== wanted.size) return `it has ${found.size} bytes, not ${wanted.size}`;
  return found.sha256 === wanted.sha256 ? null : 'it has other bytes than were written';
}
