import { createInterface } from 'node:readline/promises';
import { UsageError } from './exit-codes';
import { type Output } from './printer';

/** One thing that a person is asked. */
export interface Question<T> {
  readonly asks: string;
  /** Taken where nothing is answered. */
  readonly otherwise?: string;
  /** @returns what the answer means, or a sentence that says why it will not do */
  readonly read: (answer: string) => Promise<Meant<T>> | Meant<T>;
}

export type Meant<T> = { readonly value: T } | { readonly complaint: string };

/** Asks somebody at a terminal, one question after the other, and each until its answer will do. */
export class Asking {
  private readonly lines: AsyncIterator<string, undefined>;
  private readonly interface;

  constructor(private readonly output: Required<Output>) {
    this.interface = createInterface({ input: output.stdin, terminal: false });
    this.lines = this.interface[Symbol.asyncIterator]();
  }

  /** @throws UsageError when nobody answers any more */
  async ask<T>({ asks, otherwise, read }: Question<T>): Promise<T> {
    for (;;) {
      this.output.stdout.write(`${asks}${otherwise === undefined ? '' : ` [${otherwise}]`}\n> `);
      const line = await this.lines.next();
      if (line.done === true) throw new UsageError('nobody answered: nothing was written');
      const answer = line.value.trim();
      const meant = await read(answer === '' ? (otherwise ?? '') : answer);
      if ('value' in meant) return meant.value;
      this.output.stdout.write(`${meant.complaint}\n`);
    }
  }

  end(): void {
    this.interface.close();
  }
}
