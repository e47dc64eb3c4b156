import { type FileOfBackup, fileOfBackup } from './backup-name';

/** A file as a place lists it. */
export interface FileThere {
  readonly file: string;
  readonly size: number;
}

export interface BackupThere {
  readonly name: string;
  readonly takenAt: Date;
  /** Of the encrypted dump, in bytes. */
  readonly size: number;
  /** The manifest is written last: without one the dump was never found to be whole. */
  readonly complete: boolean;
  /** Its files, that of the manifest first: so it stops being a backup before it loses its dump. */
  readonly files: readonly string[];
}

/** Every backup among the files of a place, the newest first; other files are left out. */
export function backupsIn(files: readonly FileThere[]): BackupThere[] {
  const found = new Map<string, (FileOfBackup & FileThere)[]>();
  for (const one of files) {
    const known = fileOfBackup(one.file);
    if (known !== null) found.set(known.name, [...(found.get(known.name) ?? []), { ...known, ...one }]);
  }
  const order = ['manifest', 'dump', 'part'];
  const all = [...found].map(([name, parts]): BackupThere => {
    const has = (kind: FileOfBackup['kind']) => parts.find((part) => part.kind === kind);
    return {
      name,
      takenAt: parts[0]!.takenAt,
      size: (has('dump') ?? has('part'))?.size ?? 0,
      complete: has('dump') !== undefined && has('manifest') !== undefined,
      files: parts.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)).map(({ file }) => file),
    };
  });
  return all.sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
}

/** Another backup may still be writing what is younger. */
const ABANDONED_MS = 24 * 60 * 60_000;

/**
 * The backups that may go now that there are `keep` newer ones.
 * @param all the newest first
 * @param keep at least 1: the last complete one always stays
 */
export function backupsToRemove(all: readonly BackupThere[], keep: number): BackupThere[] {
  const complete = all.filter((backup) => backup.complete);
  const newest = complete[0];
  if (newest === undefined) return [];
  const old = complete.slice(Math.max(1, keep));
  const isAbandoned = ({ complete: isWhole, takenAt }: BackupThere): boolean =>
    !isWhole && newest.takenAt.getTime() - takenAt.getTime() > ABANDONED_MS;
  return [...old, ...all.filter(isAbandoned)];
}
