import { createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Readable } from 'node:stream';
import { FailedError } from '../exit-codes';
import { type FileThere } from './backups-in';
import { type Place } from './place';

/** A folder of this machine. It is made where it is missing, readable for its owner alone. */
export class FolderPlace implements Place {
  readonly name: string;

  constructor(folder: string) {
    this.name = resolve(folder);
  }

  list(): Promise<FileThere[]> {
    return this.attempt('read', async () => {
      const entries = await readdir(this.name, { withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return Promise.all(files.map(async ({ name }) => ({ file: name, size: (await stat(this.path(name))).size })));
    });
  }

  read(file: string): Promise<Readable> {
    return this.attempt('read', async () => {
      await access(this.path(file));
      return createReadStream(this.path(file));
    });
  }

  async withStaging<T>(use: (folder: string) => Promise<T>): Promise<T> {
    await this.attempt('written to', () => mkdir(this.name, { recursive: true, mode: 0o700 }));
    return use(this.name);
  }

  keep(staged: string, file: string): Promise<void> {
    return this.attempt('written to', async () => {
      await rename(staged, this.path(file));
      await this.settle();
    });
  }

  write(file: string, text: string): Promise<void> {
    return this.attempt('written to', async () => {
      const part = `${this.path(file)}.new`;
      try {
        await writeFile(part, text, { mode: 0o600, flush: true });
        await rename(part, this.path(file));
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
      await this.settle();
    });
  }

  remove(file: string): Promise<void> {
    return this.attempt('written to', () => rm(this.path(file), { force: true }));
  }

  private path(file: string): string {
    return join(this.name, file);
  }

  /** A new name outlives a power cut only once the folder itself is on the disk. */
  private async settle(): Promise<void> {
    const folder = await open(this.name, 'r');
    await folder.sync().finally(() => folder.close());
  }

  private async attempt<T>(what: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new FailedError(`${this.name} cannot be ${what}: ${code ?? message}`, { cause: error });
    }
  }
}
