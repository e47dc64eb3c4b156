import { openAsBlob } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type ReadableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import { type S3mini, type S3ServiceError, type UploadPart } from 's3mini';
import { type Environment } from '../api';
import { FailedError, UnreachableError, UsageError } from '../exit-codes';
import { type FileThere } from './backups-in';
import { setting } from './config';
import { type Place } from './place';

const TYPE = 'application/octet-stream';
/** A store takes up to 10,000 of them. */
const PART_BYTES = 8 * 2 ** 20;
const TRIES = 4;
const PAUSE_MS = 500;
const STAGING = 'recert-backup-staging-';
const DAY_MS = 24 * 60 * 60_000;

interface Store {
  readonly endpoint: string;
  readonly bucket: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Where a dump is written before it is sent. */
  readonly staging: string;
}

/** @throws UsageError when it does not name a bucket */
export function readAddress(address: string): { bucket: string; prefix: string } {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w!.*'()/-]*))?$/.exec(address) ?? [];
  if (bucket === undefined) throw new UsageError(`"${address}" names no bucket: write s3://bucket/prefix`);
  const prefix = path
    .split('/')
    .filter((part) => part !== '')
    .join('/');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

/** A bucket of an S3-compatible store, addressed by its path, which all of them understand. */
export class S3Place implements Place {
  private constructor(
    readonly name: string,
    private readonly store: Store,
  ) {}

  static at(address: string, environment: Environment): S3Place {
    return new S3Place(address, {
      ...readAddress(address),
      endpoint: setting(environment, 'S3_ENDPOINT').replace(/\/+$/, ''),
      region: setting(environment, 'S3_REGION'),
      accessKeyId: setting(environment, 'S3_ACCESS_KEY_ID'),
      secretAccessKey: setting(environment, 'S3_SECRET_ACCESS_KEY'),
      staging: setting(environment, 'BACKUP_STAGING') ?? tmpdir(),
    });
  }

  list(): Promise<FileThere[]> {
    const { prefix } = this.store;
    return this.attempt(async (client) => {
      const objects = await client.listObjects('/', prefix);
      if (objects === null) throw new FailedError(`${this.name}: there is no such bucket at ${this.store.endpoint}`);
      return objects.map(({ Key, Size }) => ({ file: Key.slice(prefix.length), size: Number(Size) }));
    });
  }

  read(file: string): Promise<Readable> {
    return this.attempt(async (client) => {
      const response = await client.getObjectResponse(this.key(file));
      if (!response?.body) throw new FailedError(`${this.name} has no ${file}`);
      return Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    });
  }

  async withStaging<T>(use: (folder: string) => Promise<T>): Promise<T> {
    const { staging } = this.store;
    const folder = await removeAbandoned(staging)
      .then(() => mkdtemp(join(staging, STAGING)))
      .catch((error: NodeJS.ErrnoException) => {
        throw new FailedError(`BACKUP_STAGING: nothing can be written in ${staging} (${error.code})`);
      });
    return use(folder).finally(() => rm(folder, { recursive: true, force: true }));
  }

  keep(staged: string, file: string): Promise<void> {
    return this.attempt(async (client) => {
      const content = await openAsBlob(staged);
      if (content.size <= PART_BYTES) await client.putObject(this.key(file), content, TYPE);
      else await sendInParts(client, this.key(file), content);
    });
  }

  write(file: string, text: string): Promise<void> {
    return this.attempt(async (client) => {
      await client.putObject(this.key(file), text, 'application/json');
    });
  }

  remove(file: string): Promise<void> {
    return this.attempt(async (client) => {
      await client.deleteObject(this.key(file));
    });
  }

  private key(file: string): string {
    return this.store.prefix + file;
  }

  private async attempt<T>(act: (client: S3mini) => Promise<T>): Promise<T> {
    const { S3mini: Client, S3ServiceError: Refused } = await import('s3mini');
    const { endpoint, bucket, region, accessKeyId, secretAccessKey } = this.store;
    try {
      return await act(new Client({ endpoint: `${endpoint}/${bucket}`, region, accessKeyId, secretAccessKey }));
    } catch (error) {
      if (error instanceof FailedError) throw error;
      if (error instanceof Refused) {
        throw new FailedError(`${this.name} is refused by ${endpoint} (${error.status} ${error.serviceCode ?? ''})`);
      }
      const { code, cause, message } = error as { code?: string; cause?: { code?: string }; message: string };
      const reason = code ?? cause?.code;
      if (reason === undefined) throw new FailedError(`${this.name}: ${message}`, { cause: error });
      throw new UnreachableError(`${endpoint} does not answer (${reason})`);
    }
  }
}

/** A run that was killed leaves its dump there, and the next ones would find no room. */
async function removeAbandoned(staging: string): Promise<void> {
  for (const name of await readdir(staging)) {
    if (!name.startsWith(STAGING)) continue;
    const { mtimeMs } = await stat(join(staging, name));
    if (Date.now() - mtimeMs > DAY_MS) await rm(join(staging, name), { recursive: true, force: true });
  }
}

/** One part after the other: the client's own way has four in hand at once, and so takes more memory than a container has. */
async function sendInParts(client: S3mini, key: string, content: Blob): Promise<void> {
  const upload = await client.getMultipartUploadId(key, TYPE);
  try {
    const parts: UploadPart[] = [];
    for (let start = 0; start < content.size; start += PART_BYTES) {
      const part = Buffer.from(await content.slice(start, start + PART_BYTES).arrayBuffer());
      parts.push(await again(() => client.uploadPart(key, upload, part, parts.length + 1)));
    }
    await client.completeMultipartUpload(key, upload, parts);
  } catch (error) {
    // What was sent so far would lie there unseen, and be paid for.
    await client.abortMultipartUpload(key, upload).catch(() => undefined);
    throw error;
  }
}

/** What failed on the way, or by the store's own fault, may go well in a moment; a refusal does not. */
async function again<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const { status } = error as Partial<S3ServiceError>;
      if (tries === TRIES || (status !== undefined && status < 500)) throw error;
      await sleep(PAUSE_MS * 2 ** tries);
    }
  }
}
