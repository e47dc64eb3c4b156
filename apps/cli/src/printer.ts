/** Where a command writes and reads. */
export interface Output {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Where it asks; nobody is asked without it. */
  readonly stdin?: NodeJS.ReadableStream;
}

/** The columns of a table: a title, and what stands in it. */
export type Columns<T> = Readonly<Record<string, (item: T) => string | number | null>>;

/** Writes for people, or with `json` for scripts. */
export class Printer {
  constructor(
    readonly output: Output,
    readonly json: boolean,
  ) {}

  /** The same facts for scripts as they came, for people as `show` writes them. */
  result<T>(data: T, show: (data: T) => void): void {
    if (this.json) this.output.stdout.write(`${JSON.stringify(data, null, 2)}\n`);
    else show(data);
  }

  table<T>(items: readonly T[], columns: Columns<T>, none: string): void {
    this.result(items, () => {
      if (items.length === 0) return this.line(none);
      const rows = items.map((item) => Object.values(columns).map((show) => harmless(String(show(item) ?? '-'))));
      for (const row of aligned([Object.keys(columns), ...rows])) this.line(row);
    });
  }

  /** Names with what they stand for, one a line. */
  facts(facts: Readonly<Record<string, string | number | null>>): void {
    for (const line of aligned(Object.entries(facts).map(([name, value]) => [name, String(value ?? '-')]))) {
      this.line(line);
    }
  }

  line(text: string): void {
    this.output.stdout.write(`${harmless(text)}\n`);
  }

  complaint(text: string): void {
    this.output.stderr.write(`${harmless(text)}\n`);
  }
}

/** The day of an instant, in UTC. */
export function day(instant: string | null): string | null {
  return instant === null ? null : instant.slice(0, 10);
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => [...row[column]!].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(width - [...text].length);
}

/** A record may hold what moves a terminal's cursor or turns its text around: none of that is passed on. */
function harmless(text: string): string {
  return text.replaceAll(/[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, ' ');
}
