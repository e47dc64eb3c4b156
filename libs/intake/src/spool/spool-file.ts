import { createWriteStream } from 'node:fs';
import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type NewIntake } from '../intake.repository';
import { LONGEST_RECORD, readRow, SPOOL_HEADER } from './spool-record';

/** So much is read at once, where one record is not larger: a service has 76 MB in all. */
const CHUNK = 512 * 1024;

/** What follows one another in a file. */
export interface Stretch {
  readonly rows: readonly NewIntake[];
  /** Where it ends. */
  readonly end: number;
  /** What stands there was written by nobody. */
  readonly isDamaged: boolean;
}

/** One file of a spool, open. What was appended is on the disk. */
export class SpoolFile {
  /** Up to here it is in the table. */
  drained = SPOOL_HEADER.length;
  /** How many rows are not. */
  rows = 0;
  /** Nothing is appended to it any more. */
  isSealed = false;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    private readonly inode: number,
    /** Up to here it is whole. */
    public length: number,
  ) {}

  /** @throws what the disk says; then there is no such file */
  static async create(path: string, records: Buffer, rows: number): Promise<SpoolFile> {
    const handle = await open(path, 'wx+', 0o600);
    try {
      const file = new SpoolFile(path, handle, (await handle.stat()).ino, 0);
      await file.write(Buffer.concat([SPOOL_HEADER, records]));
      file.rows = rows;
      return file;
    } catch (error) {
      await handle.close();
      await unlink(path).catch(() => undefined);
      throw error;
    }
  }

  /** One that another process has left. Its rows are counted; it is whole up to `length`, and may be longer. */
  static async take(path: string): Promise<SpoolFile> {
    const handle = await open(path, 'r+');
    const { ino, size } = await handle.stat();
    const file = new SpoolFile(path, handle, ino, size);
    file.isSealed = true;
    const header = await file.bytes(0, SPOOL_HEADER.length);
    if (!header.equals(SPOOL_HEADER)) {
      file.length = file.drained = 0;
      return file;
    }
    let at = SPOOL_HEADER.length;
    for (let isOver = false; !isOver;) {
      const stretch = await file.read(at, Infinity);
      file.rows += stretch.rows.length;
      isOver = stretch.end === at;
      at = stretch.end;
    }
    file.length = at;
    return file;
  }

  /**
   * Appends all of it or nothing.
   * @returns false when another process has taken the file over meanwhile: then it may not have seen this
   * @throws what the disk says
   */
  async append(records: Buffer, rows: number): Promise<boolean> {
    try {
      await this.write(records);
    } catch (error) {
      // What is left of it would hide what came behind it.
      await this.handle.truncate(this.length).catch(() => (this.isSealed = true));
      throw error;
    }
    this.rows += rows;
    return this.isInPlace();
  }

  /** What begins at `at`: as many rows as are read at once, `most` at most. None at its end. */
  async read(at: number, most: number): Promise<Stretch> {
    for (const size of [CHUNK, LONGEST_RECORD + CHUNK]) {
      const bytes = await this.bytes(at, Math.min(size, this.length - at));
      const rows: NewIntake[] = [];
      let end = 0;
      let read = readRow(bytes, end);
      for (; read.kind === 'row' && rows.length < most; read = readRow(bytes, end)) {
        rows.push(read.row);
        end = read.end;
      }
      const isCut = read.kind === 'more' && end < bytes.length && at + bytes.length >= this.length;
      const isDamaged = read.kind === 'damaged' || isCut;
      if (rows.length > 0 || isDamaged || at + bytes.length >= this.length) return { rows, end: at + end, isDamaged };
    }
    return { rows: [], end: at, isDamaged: true };
  }

  /** Whether there is something behind what is whole. */
  async hasRest(): Promise<boolean> {
    return (await this.handle.stat()).size > this.length;
  }

  /** Copies what is behind it into a new file, and takes it away here when that is on the disk. */
  async moveRest(to: string): Promise<void> {
    const rest = this.handle.createReadStream({ start: this.length, autoClose: false });
    await pipeline(rest, createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }));
    await this.handle.truncate(this.length);
    await this.handle.sync();
  }

  /** Tells other processes that somebody has it; of time 0, that nobody does. */
  async touch(at: Date | 0): Promise<void> {
    await this.handle.utimes(at, at);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  async remove(): Promise<void> {
    await this.handle.close();
    // Whoever has taken it over removes it.
    if (await this.isInPlace()) await unlink(this.path);
  }

  private async write(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, this.length + done);
      done += bytesWritten;
    }
    await this.handle.datasync();
    this.length += bytes.length;
  }

  private async bytes(at: number, size: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(Math.max(0, size));
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await this.handle.read(bytes, read, bytes.length - read, at + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  }

  private async isInPlace(): Promise<boolean> {
    const there = await stat(this.path).catch(() => null);
    return there?.ino === this.inode;
  }
}
