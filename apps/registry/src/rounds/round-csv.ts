import { type RoundItem } from '@recert/contracts';
import { csvCell } from '../audit/history-export';

const COLUMNS = [
  ...['processId', 'name', 'section', 'owner', 'status', 'reason', 'askedAt', 'reminders'],
  ...['answer', 'answeredBy', 'answeredAt', 'recordOpened', 'late'],
] as (keyof RoundItem)[];

/** CSV (RFC 4180), the lines of a round under the names of their fields. */
export function roundCsv(items: readonly RoundItem[]): string {
  const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
  return line(COLUMNS) + items.map((item) => line(COLUMNS.map((column) => cellOf(item[column])))).join('');
}

function cellOf(value: RoundItem[keyof RoundItem]): string {
  return csvCell(typeof value === 'boolean' ? String(value) : value);
}
