import { type Schema } from '../api/client';

type Report = Schema<'ImportReport'>;

export interface ImportLine {
  /** What it is about. */
  readonly text: string;
  /** What stands behind it; null where there is nothing more to say. */
  readonly detail: string | null;
  /** The process it leads to; null where there is none yet. */
  readonly processId: string | null;
}

export interface ImportGroup {
  readonly id: string;
  readonly title: string;
  /** Somebody has to do something about it. */
  readonly isBad: boolean;
  readonly lines: readonly ImportLine[];
}

interface Kind extends Pick<ImportGroup, 'id' | 'isBad'> {
  readonly done: string;
  /** The same of a dry run. */
  readonly would: string;
  readonly linesOf: (report: Report) => readonly ImportLine[];
}

const KINDS: readonly Kind[] = [
  {
    ...{ id: 'created', isBad: false, done: 'Created', would: 'Would be created' },
    linesOf: ({ created, dryRun }) => created.map((one) => line(one, null, dryRun)),
  },
  {
    ...{ id: 'changed', isBad: false, done: 'Changed', would: 'Would be changed' },
    linesOf: ({ changed }) => changed.map((one) => line(one, one.fields.map(words).join(', '))),
  },
  {
    ...{ id: 'restored', isBad: false, done: 'Restored', would: 'Would be restored' },
    linesOf: ({ restored }) => restored.map((one) => line(one)),
  },
  {
    ...{ id: 'retired', isBad: false, done: 'Retired', would: 'Would be retired' },
    linesOf: ({ retired }) => retired.map((one) => line(one, 'no longer in the library')),
  },
  {
    ...{ id: 'owner-lost', isBad: true, done: 'Left without an owner', would: 'Would be left without an owner' },
    linesOf: ({ ownerLost }) => ownerLost.map((one) => line(one, `was owned by ${one.owner}`)),
  },
  {
    ...{ id: 'people', isBad: false, done: 'People added', would: 'People who would be added' },
    linesOf: ({ people }) => people.map((handle) => ({ text: handle, detail: null, processId: null })),
  },
  {
    ...{ id: 'warnings', isBad: true, done: 'Warnings', would: 'Warnings' },
    linesOf: ({ warnings }) =>
      warnings.map(({ file, line: at, message }) => ({ text: `${file}:${at}`, detail: message, processId: null })),
  },
];

/** What an import changed, or would change, by what it did; groups of nothing are left out. */
export function groupsOf(report: Report): ImportGroup[] {
  return KINDS.map(({ id, isBad, done, would, linesOf }) => ({
    ...{ id, isBad, title: report.dryRun ? would : done, lines: linesOf(report) },
  })).filter(({ lines }) => lines.length > 0);
}

function line({ id, name }: { id: string; name: string }, detail: string | null = null, isNew = false): ImportLine {
  return { text: name, detail, processId: isNew ? null : id };
}

/** `triggerPeriod` is "trigger period". */
function words(field: string): string {
  return field.replace(/([A-Z])/g, ' $1').toLowerCase();
}

/** One sentence on top of the groups. */
export function sentenceOf(report: Report): string {
  const { dryRun, created, changed, retired, restored, unchanged } = report;
  const counts = Object.entries({ created, changed, restored, retired })
    .filter(([, list]) => list.length > 0)
    .map(([what, list]) => `${list.length} ${what}`);
  if (counts.length === 0) return `Nothing ${dryRun ? 'would change' : 'changed'}: ${unchanged} are as they were.`;
  return `${dryRun ? 'If it is imported' : 'It is done'}: ${counts.join(', ')}; ${unchanged} unchanged.`;
}
