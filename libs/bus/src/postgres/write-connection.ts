import { Client, type ClientConfig, type Connection, type Submittable } from 'pg';

/** As the protocol takes them: no list, no date. */
export type WrittenValue = string | Buffer | null;

export interface WriteStatement {
  /** Of the statement, on this connection. */
  readonly name: string;
  /** An insert, update or delete without `returning`. */
  readonly text: string;
}

/**
 * A connection for a statement that writes thousands of times a second, each time as its own transaction. It is opened
 * when it is needed, and opened again after it broke; work that holds every connection of the pool does not hold it up.
 */
export class WriteConnection {
  private client: Promise<Client> | null = null;

  /** @param options those of the pool beside it */
  constructor(private readonly options: ClientConfig) {}

  /**
   * One after the other: whoever has many writes them as one.
   * @returns how many rows were written
   * @throws what the database says, or that it is away: then it is not known whether they were written
   */
  async write(statement: WriteStatement, values: readonly WrittenValue[]): Promise<number> {
    const client = await (this.client ?? this.open());
    return new Promise((resolve, reject) => void client.query(new Write(statement, values, resolve, reject)));
  }

  async close(): Promise<void> {
    const client = await this.client?.catch(() => null);
    await client?.end();
  }

  private open(): Promise<Client> {
    const client = new Client({ ...this.options, pipeline: false });
    const opening = client.connect().then(() => client);
    // One that is over says so twice, and by then another may be open.
    const forget = (): void => {
      if (this.client === opening) this.client = null;
    };
    // Whoever is writing is told by their own statement.
    client.on('error', forget).on('end', forget);
    opening.catch(forget);
    return (this.client = opening);
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
