import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { newEventId } from '@recert/bus';

/** Each file is touched every second; one that was not for so long is of a process that is gone. */
const ABANDONED_MS = 5_000;

/**
 * The folder that the processes of a service share. Each writes files of its own: `<service>.<process>.<number>.spool`.
 * Whose a file is stands in its name, since process ids mean nothing among containers; it is taken over by renaming,
 * which one of several does. Taking over a file that is still in use is harmless: whoever appends looks afterwards
 * whether the file is still theirs, and what two have read is written once.
 */
export class SpoolFolder {
  /** Of this process. Later ones sort behind it. */
  private readonly owner = newEventId();
  private readonly ours: RegExp;
  private made = 0;

  constructor(
    readonly path: string,
    private readonly service: string,
  ) {
    this.ours = new RegExp(`^${service}\\.([\\w-]+)\\.\\d+\\.spool$`);
  }

  /** @throws what the disk says when nothing can be written here */
  async prepare(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const probe = join(this.path, `${this.service}.${this.owner}.probe`);
    const handle = await open(probe, 'wx', 0o600);
    await handle.datasync();
    await handle.close();
    await unlink(probe);
    await this.sync();
  }

  /** For a new file, behind all others. */
  nextPath(): string {
    this.made += 1;
    return join(this.path, `${this.service}.${this.owner}.${String(this.made).padStart(8, '0')}.spool`);
  }

  /** So that what was made, renamed or removed is so after a power cut, too. */
  async sync(): Promise<void> {
    const handle = await open(this.path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Makes files of processes that are gone files of this one. @returns their new paths, in the order they were written */
  async takeOver(now: Date): Promise<string[]> {
    const taken: string[] = [];
    for (const name of (await readdir(this.path)).sort()) {
      const owner = this.ours.exec(name)?.[1];
      if (owner === undefined || owner === this.owner) continue;
      const path = join(this.path, name);
      const touched = await stat(path).catch(() => null);
      if (touched === null || now.getTime() - touched.mtimeMs < ABANDONED_MS) continue;
      const mine = this.nextPath();
      if (await renamed(path, mine)) taken.push(mine);
    }
    if (taken.length > 0) await this.sync();
    return taken;
  }

  /** For a file with what cannot be written into the table, which somebody has to look at. */
  asidePath(): string {
    return join(this.path, `${this.service}.${newEventId()}.aside`);
  }

  /** How many files were set aside and not removed by anybody. */
  async asideFiles(): Promise<number> {
    const names = await readdir(this.path);
    return names.filter((name) => name.startsWith(`${this.service}.`) && name.endsWith('.aside')).length;
  }
}

/** Another process may have been faster. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
