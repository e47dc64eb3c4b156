import { basename } from 'node:path';
import { type NewIntake } from '../intake.repository';
import { SpoolFile } from './spool-file';
import { type SpoolFolder } from './spool-folder';
import { encodeRow, SPOOL_HEADER } from './spool-record';

/** A file is removed when all of it is written: smaller ones give their room back sooner. */
const FILE_BYTES = 8 * 1024 * 1024;
/** Rows that are written into the table by one statement. */
const MOST_ROWS = 256;
/** Fingerprints are remembered of so many; repeats of others are known when they are written. */
const MOST_REPEATS = 10_000;

/** What became of a request. */
export type Kept =
  | { readonly kind: 'new' }
  /** It was here before; null where the table alone knows its id. */
  | { readonly kind: 'repeat'; readonly id: string | null }
  /** There is no room for it. */
  | { readonly kind: 'refused' };

export interface Batch {
  readonly file: SpoolFile;
  readonly rows: readonly NewIntake[];
  readonly end: number;
  /** Nothing is spooled behind it. */
  readonly isLast: boolean;
}

/** Requests that wait on the disk for the database, in the order they came. One appends, one drains. */
export class Spool {
  /** Oldest first. */
  private readonly files: SpoolFile[] = [];
  /** The one that is appended to. */
  private current: SpoolFile | null = null;
  private appending: Promise<unknown> | null = null;
  private readonly repeats = new Map<string, string>();
  private isFull = false;
  /** How many files lie aside. */
  aside = 0;

  /**
   * @param mostBytes of all files of this process together
   * @param onUnreadable is told the name of each file with what could not be read
   */
  constructor(
    private readonly folder: SpoolFolder,
    private readonly mostBytes: number,
    private readonly onUnreadable: (name: string) => void,
  ) {}

  get requests(): number {
    return this.files.reduce((sum, { rows }) => sum + rows, 0);
  }

  get bytes(): number {
    return this.files.reduce((sum, { length }) => sum + length, 0);
  }

  get isEmpty(): boolean {
    return this.files.length === 0 && this.appending === null;
  }

  /** Whether the last request found room, or there is room again. */
  get hasRoom(): boolean {
    return !this.isFull;
  }

  /**
   * Resolves when all that have room are on the disk: one write, one flush.
   * @throws what the disk says; then none of them is
   */
  async append(group: readonly NewIntake[]): Promise<Kept[]> {
    const appending = this.appendAll(group);
    this.appending = appending;
    try {
      return await appending;
    } finally {
      this.appending = null;
    }
  }

  /** @returns the rows that are the next to be written; null when nothing is spooled */
  async next(): Promise<Batch | null> {
    while (!this.isEmpty) {
      const file = this.files[0];
      const stretch = await file?.read(file.drained, MOST_ROWS);
      if (file !== undefined && stretch !== undefined && stretch.rows.length > 0) {
        const { rows, end } = stretch;
        return { file, rows, end, isLast: this.files.length === 1 && end === file.length };
      }
      // What is being appended may be the next.
      if (this.appending !== null) await this.appending.catch(() => undefined);
      else if (file !== undefined && stretch?.isDamaged === true) await this.cut(file, stretch.end);
      else if (file !== undefined && file.drained >= file.length) await this.dispose(file);
    }
    this.isFull = false;
    return null;
  }

  /** Its rows are in the table. */
  done({ file, rows, end }: Batch): void {
    file.drained = end;
    file.rows -= rows.length;
  }

  /** Takes what processes have left that are gone. */
  async takeOver(now: Date): Promise<void> {
    for (const path of await this.folder.takeOver(now)) {
      const file = await SpoolFile.take(path);
      if (await file.hasRest()) await this.setRestAside(file);
      this.files.push(file);
    }
    this.aside = await this.folder.asideFiles();
  }

  /** Keeps a row that the database will not have. @returns the name of its file */
  async setAside(row: NewIntake): Promise<string> {
    const path = this.folder.asidePath();
    const file = await SpoolFile.create(path, encodeRow(row), 1);
    await file.close();
    await this.folder.sync();
    this.aside += 1;
    return basename(path);
  }

  /** What it held is in the table, and the table is asked from now on. */
  forgetRepeats(): void {
    this.repeats.clear();
  }

  async touch(now: Date): Promise<void> {
    await Promise.all(this.files.map((file) => file.touch(now).catch(() => undefined)));
  }

  /** Whoever comes next may take it over at once. */
  async close(): Promise<void> {
    for (const file of this.files) {
      await file.touch(0).catch(() => undefined);
      await file.close();
    }
  }

  private async appendAll(group: readonly NewIntake[]): Promise<Kept[]> {
    const records: Buffer[] = [];
    const fresh = new Map<string, string>();
    let room = this.mostBytes - this.bytes - (this.isCurrentOpen() ? 0 : SPOOL_HEADER.length);
    const kept = group.map((row): Kept => {
      const { repeatKey, hook, id } = row;
      const key = repeatKey === null ? null : `${hook} ${repeatKey}`;
      const before = key === null ? undefined : (this.repeats.get(key) ?? fresh.get(key));
      if (before !== undefined) return { kind: 'repeat', id: before };
      const record = encodeRow(row);
      this.isFull = record.length > room;
      if (this.isFull) return { kind: 'refused' };
      room -= record.length;
      records.push(record);
      if (key !== null) fresh.set(key, id);
      return { kind: 'new' };
    });
    if (records.length > 0) await this.write(Buffer.concat(records), records.length);
    for (const [key, id] of fresh) if (this.repeats.size < MOST_REPEATS) this.repeats.set(key, id);
    return kept;
  }

  private isCurrentOpen(): boolean {
    return this.current !== null && !this.current.isSealed && this.current.length < FILE_BYTES;
  }

  private async write(records: Buffer, rows: number): Promise<void> {
    while (this.isCurrentOpen()) {
      const file = this.current!;
      if (await file.append(records, rows)) return;
      // Whoever has taken it over writes what was in it, and may not have seen these.
      this.current = null;
      this.files.splice(this.files.indexOf(file), 1);
      await file.close();
    }
    const file = await SpoolFile.create(this.folder.nextPath(), records, rows);
    this.current = file;
    this.files.push(file);
    await this.folder.sync();
  }

  /** What was whole when it was written is not any more. */
  private async cut(file: SpoolFile, end: number): Promise<void> {
    file.isSealed = true;
    file.length = end;
    await this.setRestAside(file);
  }

  private async setRestAside(file: SpoolFile): Promise<void> {
    const path = this.folder.asidePath();
    await file.moveRest(path);
    await this.folder.sync();
    this.aside += 1;
    this.onUnreadable(basename(path));
  }

  private async dispose(file: SpoolFile): Promise<void> {
    this.files.splice(this.files.indexOf(file), 1);
    if (this.current === file) this.current = null;
    await file.remove();
    await this.folder.sync();
  }
}
