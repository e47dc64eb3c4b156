import { type HistoryRow } from '../history/history-chain';

const CSV_COLUMNS = [
  ...['seq', 'at', 'by', 'process', 'person', 'field', 'old', 'new', 'cause', 'source', 'prev_hash', 'hash'],
] as const;

/** A row as it is exported: everything its hash is made of, so that somebody else can compute it. */
export function toExported(row: HistoryRow): Readonly<Record<(typeof CSV_COLUMNS)[number], string | number | null>> {
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    by: row.by,
    process: row.processId,
    person: row.person,
    field: row.field,
    old: row.old,
    new: row.new,
    cause: row.cause,
    source: row.source,
    prev_hash: row.prevHash,
    hash: row.hash,
  };
}

/** CSV (RFC 4180) in UTF-8, a line at a time. */
export async function* toCsv(batches: AsyncIterable<readonly HistoryRow[]>): AsyncGenerator<string> {
  yield `${CSV_COLUMNS.join(',')}\r\n`;
  for await (const rows of batches) {
    yield rows
      .map((row) => {
        const exported = toExported(row);
        return `${CSV_COLUMNS.map((column) => csvCell(exported[column])).join(',')}\r\n`;
      })
      .join('');
  }
}

/** A JSON array, one row a line. */
export async function* toJson(batches: AsyncIterable<readonly HistoryRow[]>): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const rows of batches) {
    for (const row of rows) {
      yield separator + JSON.stringify(toExported(row));
      separator = ',\n';
    }
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** A cell that a spreadsheet would take for a formula is made text by a quotation mark in front. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
