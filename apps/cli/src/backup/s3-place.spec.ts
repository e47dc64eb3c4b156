import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { FailedError, UnreachableError } from '../exit-codes';
import { placeAt } from './place';
import { readAddress } from './s3-place';
import { s3Keys, S3Stub } from './s3-stub';

describe('an address of a bucket', () => {
  it.each([
    ['s3://backups', { bucket: 'backups', prefix: '' }],
    ['s3://backups/', { bucket: 'backups', prefix: '' }],
    ['s3://my.backups-1/recert', { bucket: 'my.backups-1', prefix: 'recert/' }],
    ['s3://backups/recert/eu//', { bucket: 'backups', prefix: 'recert/eu/' }],
  ])('%s', (address, parts) => {
    expect(readAddress(address)).toEqual(parts);
  });

  it.each(['s3://', 's3:///recert', 's3://UPPER/recert', 's3://backups?x=1', 's3://backups/a b', 's3:backups'])(
    'is none: %s',
    (address) => {
      expect(() => readAddress(address)).toThrow(`"${address}" names no bucket: write s3://bucket/prefix`);
    },
  );
});

describe('a bucket', () => {
  const NAME = 'recert-2026-11-30T2130Z.dump.age';
  let stub: S3Stub;
  let endpoint: string;
  let folder: string;

  beforeEach(async () => {
    stub = new S3Stub('backups');
    endpoint = await stub.start();
    folder = mkdtempSync(join(tmpdir(), 'recert-s3-'));
  });
  afterEach(async () => {
    await stub.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const place = (more: Record<string, string> = {}, address = 's3://backups/recert') =>
    placeAt(address, {
      ...{ S3_ENDPOINT: `${endpoint}/`, S3_REGION: s3Keys.region, BACKUP_STAGING: folder },
      ...{ S3_ACCESS_KEY_ID: s3Keys.id, S3_SECRET_ACCESS_KEY: s3Keys.secret, ...more },
    });
  const staged = (content: Buffer): string => {
    const file = join(folder, 'staged');
    writeFileSync(file, content);
    return file;
  };

  it('takes a file, lists it, gives it back and loses it', async () => {
    await place().keep(staged(Buffer.from('encrypted')), NAME);
    await place().write('recert-2026-11-30T2130Z.json', '{}');
    expect([...stub.objects.keys()]).toEqual([`recert/${NAME}`, 'recert/recert-2026-11-30T2130Z.json']);
    expect(await place().list()).toEqual([
      { file: NAME, size: 9 },
      { file: 'recert-2026-11-30T2130Z.json', size: 2 },
    ]);
    expect((await buffer(await place().read(NAME))).toString()).toBe('encrypted');
    await place().remove(NAME);
    expect([...stub.objects.keys()]).toEqual(['recert/recert-2026-11-30T2130Z.json']);
  });

  it('lists every page of what has its prefix, and nothing of its neighbours', async () => {
    for (const key of ['recert/a', 'recert/b', 'recert/c', 'recert/d', 'recert/e', 'recert-old/f', 'g'])
      stub.objects.set(key, Buffer.from('x'));
    expect((await place().list()).map(({ file }) => file)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await place({}, 's3://backups/empty').list()).toEqual([]);
  });

  it('takes a large file in parts, and a part again that failed', async () => {
    const content = randomBytes(20 * 2 ** 20 + 1);
    stub.failOnce.add(2);
    await place().keep(staged(content), NAME);
    expect(stub.objects.get(`recert/${NAME}`)!.equals(content)).toBe(true);
    expect(stub.uploads.size).toBe(0);
    expect((await buffer(await place().read(NAME))).equals(content)).toBe(true);
  });

  it('leaves nothing of an upload that cannot be ended', async () => {
    stub.refused = 2;
    await expect(place().keep(staged(randomBytes(9 * 2 ** 20)), NAME)).rejects.toThrow('403 AccessDenied');
    expect([...stub.objects.keys(), ...stub.uploads.keys()]).toEqual([]);
  });

  it('gives a folder to write in first, and takes it away', async () => {
    await place().withStaging(async (staging) => {
      writeFileSync(join(staging, 'part'), '');
      expect(readdirSync(folder)).toHaveLength(1);
    });
    expect(readdirSync(folder)).toEqual([]);
    // A run that was killed leaves its own; after a day it is no other run's any more.
    for (const [name, hours] of [
      ['old', 25],
      ['young', 23],
    ] as const) {
      mkdirSync(join(folder, `recert-backup-staging-${name}`));
      const then = new Date(Date.now() - hours * 3_600_000);
      utimesSync(join(folder, `recert-backup-staging-${name}`), then, then);
    }
    await place().withStaging(async () => undefined);
    expect(readdirSync(folder)).toEqual(['recert-backup-staging-young']);
    await expect(place({ BACKUP_STAGING: '/nowhere' }).withStaging(async () => undefined)).rejects.toThrow(
      'BACKUP_STAGING: nothing can be written in /nowhere (ENOENT)',
    );
  });

  it.each([
    ['a wrong key', { S3_ACCESS_KEY_ID: 'OTHER' }, '403 InvalidAccessKeyId'],
    ['a wrong secret', { S3_SECRET_ACCESS_KEY: 'other' }, '403 SignatureDoesNotMatch'],
    ['another region', { S3_REGION: 'ams3' }, '400 AuthorizationHeaderMalformed'],
  ])('refuses %s, and says so without the secret', async (_, wrong, why) => {
    const refused = new FailedError(`s3://backups/recert is refused by ${endpoint} (${why})`);
    await expect(place(wrong).keep(staged(Buffer.from('x')), NAME)).rejects.toEqual(refused);
    await expect(place(wrong).list()).rejects.toEqual(refused);
    expect(stub.objects.size).toBe(0);
  });

  it('that is not there is named', async () => {
    await expect(place({}, 's3://other').list()).rejects.toThrow(`s3://other: there is no such bucket at ${endpoint}`);
    await expect(place().read('nothing')).rejects.toThrow('s3://backups/recert has no nothing');
  });

  it('of a store that does not answer is unreachable', async () => {
    await stub.stop();
    await expect(place().list()).rejects.toEqual(new UnreachableError(`${endpoint} does not answer (ECONNREFUSED)`));
  });
});
