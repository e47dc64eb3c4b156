/** What a backup is called, from the time of its snapshot to the minute: `recert-2026-11-30T2130Z`. */
export function backupName(takenAt: Date): string {
  return `recert-${takenAt.toISOString().slice(0, 16).replace(':', '')}Z`;
}

/** The files of a backup: the encrypted dump, what is known of it, and the dump while it is written. */
export const dumpFile = (name: string): string => `${name}.dump.age`;
export const manifestFile = (name: string): string => `${name}.json`;
export const partFile = (name: string): string => `${name}.dump.age.part`;

export interface FileOfBackup {
  readonly name: string;
  readonly kind: 'dump' | 'manifest' | 'part';
  /** The minute of its snapshot. */
  readonly takenAt: Date;
}

const FILE = /^(recert-(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})Z)\.(dump\.age|json|dump\.age\.part)$/;
const KINDS = { 'dump.age': 'dump', json: 'manifest', 'dump.age.part': 'part' } as const;

/** What a file of the place is; null where it is none of ours, and none of our business. */
export function fileOfBackup(file: string): FileOfBackup | null {
  const [, name = '', day = '', hour = '', minute = '', ending = ''] = FILE.exec(file) ?? [];
  const takenAt = new Date(`${day}T${hour}:${minute}:00Z`);
  // A month 13 is no time, and the 31st of February is that of March.
  if (Number.isNaN(takenAt.getTime()) || backupName(takenAt) !== name) return null;
  return { name, kind: KINDS[ending as keyof typeof KINDS], takenAt };
}
