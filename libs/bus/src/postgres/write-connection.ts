import { Client, type ClientConfig, type Connection, type Submittable } from 'pg';
import { within } from '../within';

/** As the protocol takes them: no list, no date. */
export type WrittenValue = string | Buffer | null;

export interface WriteStatement {
  /** Of the statement, on this connection. */
  readonly name: string;
  /** An insert, update or delete without `returning`. */
  readonly text: string;
}

/** One that is there, or is being made. */
interface Opening {
  readonly client: Client;
  readonly ready: Promise<unknown>;
}

/**
 * A connection for a statement that writes thousands of times a second, each time as its own transaction. It is opened
 * when it is needed, and opened again after it broke; work that holds every connection of the pool does not hold it up.
 */
export class WriteConnection {
  private opening: Opening | null = null;

  /** @param options those of the pool beside it */
  constructor(private readonly options: ClientConfig) {}

  /**
   * One after the other: whoever has many writes them as one.
   * @param atMostMs after which the database counts as away, and the connection is given up: whatever came next would
   *   wait behind the statement that has no answer
   * @returns how many rows were written
   * @throws what the database says, or that it is away: then it is not known whether they were written
   */
  async write(
    statement: WriteStatement,
    values: readonly WrittenValue[],
    atMostMs: number | null = null,
  ): Promise<number> {
    const opening = this.opening ?? this.open();
    const { client, ready } = opening;
    const written = ready.then(
      () => new Promise<number>((resolve, reject) => void client.query(new Write(statement, values, resolve, reject))),
    );
    return atMostMs === null ? written : within(atMostMs, written, () => this.giveUp(opening));
  }

  async close(): Promise<void> {
    const { client, ready } = this.opening ?? {};
    const isOpen = await ready?.then(
      () => true,
      () => false,
    );
    if (isOpen === true) await client?.end();
  }

  private open(): Opening {
    const client = new Client({ ...this.options, pipeline: false });
    const ready = client.connect();
    const opening = { client, ready };
    // One that is over says so twice, and by then another may be open.
    const forget = (): void => {
      if (this.opening === opening) this.opening = null;
    };
    // Whoever is writing is told by their own statement.
    client.on('error', forget).on('end', forget);
    ready.catch(forget);
    return (this.opening = opening);
  }

  /** A polite end would wait for the answer. */
  private giveUp(opening: Opening): void {
    if (this.opening === opening) this.opening = null;
    const { connection } = opening.client as unknown as { connection: Connection };
    connection.stream.destroy();
  }
}

/** What `pg` takes in place of a query of its own, as pg-cursor does: it asks for no description of rows that never come. */
class Write implements Submittable {
  /** Under this name and text `pg` remembers what the server has parsed. */
  readonly name: string;
  readonly text: string;
  private rows = 0;

  constructor(
    statement: WriteStatement,
    private readonly values: readonly WrittenValue[],
    private readonly resolve: (rows: number) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.name = statement.name;
    this.text = statement.text;
  }

  submit(connection: Connection): void {
    const { name, text } = this;
    const { parsedStatements } = connection as unknown as { parsedStatements: Readonly<Record<string, string>> };
    connection.stream.cork();
    if (parsedStatements[name] !== text) connection.parse({ name, text, types: [] }, true);
    connection.bind({ statement: name, values: [...this.values] }, true);
    connection.execute(null, true);
    connection.sync();
    connection.stream.uncork();
  }

  /** @param text such as `INSERT 0 64` */
  handleCommandComplete({ text }: { text: string }): void {
    this.rows = Number(text.slice(text.lastIndexOf(' ') + 1));
  }

  handleReadyForQuery(): void {
    this.resolve(this.rows);
  }

  handleError(error: Error): void {
    this.reject(error);
  }
}
