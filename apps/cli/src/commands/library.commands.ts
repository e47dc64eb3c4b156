import { type ImportReport } from '@recert/contracts';
import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { type Call, type Command } from '../command';
import { UsageError } from '../exit-codes';
import { type Printer } from '../printer';

export const libraryCommands: readonly Command[] = [
  {
    name: 'import',
    says: 'Read the library again and say what that changed',
    options: {
      source: { value: 'SOURCE', says: 'only this entry of LIBRARY' },
      file: { value: 'FILE', says: 'this Markdown file instead; - for standard input' },
      'dry-run': { says: 'say what would change, and change nothing' },
    },
    run: importLibrary,
  },
];

async function importLibrary({ api, print, text, isOn }: Call): Promise<void> {
  const [source, file] = [text('source'), text('file')];
  if (source !== undefined && file !== undefined) throw new UsageError('give --source or --file, not both');
  const given = file === undefined ? { ...(source !== undefined && { source }) } : { text: await read(file) };
  const report = await api.post<ImportReport>('/api/library/import', { ...given, dryRun: isOn('dry-run') });
  print.result(report, () => show(report, print));
}

async function read(file: string): Promise<string> {
  if (file === '-') return readAll(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

function show(report: ImportReport, print: Printer): void {
  const named = (title: string, items: readonly { id: string; note: string }[]): void => {
    if (items.length === 0) return;
    print.line(`${title} (${items.length})`);
    for (const { id, note } of items) print.line(`  ${id}  ${note}`);
  };
  const byName = ({ id, name }: { id: string; name: string }) => ({ id, note: name });
  named('created', report.created.map(byName));
  named(
    'changed',
    report.changed.map(({ id, fields }) => ({ id, note: fields.join(', ') })),
  );
  named(
    'owner lost',
    report.ownerLost.map(({ id, owner }) => ({ id, note: `was ${owner}` })),
  );
  named('retired', report.retired.map(byName));
  named('restored', report.restored.map(byName));
  if (report.people.length > 0) print.line(`new people: ${report.people.join(', ')}`);
  for (const { file, line, message } of report.warnings) print.line(`warning: ${file}:${line}: ${message}`);
  print.line(`unchanged (${report.unchanged})`);
  if (report.dryRun) print.line('This was a dry run: nothing was changed.');
}
