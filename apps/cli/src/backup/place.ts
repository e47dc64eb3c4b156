import { type Readable } from 'node:stream';
import { type Environment } from '../api';
import { UsageError } from '../exit-codes';
import { type FileThere } from './backups-in';
import { FolderPlace } from './folder-place';
import { S3Place } from './s3-place';

/** Where backups lie. What goes wrong with it is a FailedError or an UnreachableError that names it. */
export interface Place {
  /** As it was given. */
  readonly name: string;
  list(): Promise<FileThere[]>;
  read(file: string): Promise<Readable>;
  /** Runs `use` with a folder of this machine in which a file can be written first. */
  withStaging<T>(use: (folder: string) => Promise<T>): Promise<T>;
  /** Takes a whole file of the staging folder over. It appears under its name at once or not at all. */
  keep(staged: string, file: string): Promise<void>;
  /** Writes a small file, at once or not at all. */
  write(file: string, text: string): Promise<void>;
  remove(file: string): Promise<void>;
}

/** @throws UsageError when it is neither a folder nor an s3:// address, or settings for it are missing */
export function placeAt(to: string, environment: Environment): Place {
  if (/^s3:/i.test(to)) return S3Place.at(to, environment);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(to)) {
    throw new UsageError(`"${to}" is no place for backups: write a folder, or s3://bucket/prefix`);
  }
  return new FolderPlace(to);
}
