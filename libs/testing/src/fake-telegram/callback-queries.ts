import { badRequest, queryTooOld } from './api-error';

export interface CallbackAnswer {
  /** What the person sees; empty when the button only stops spinning. */
  text: string;
  /** As a window that must be closed, and not as a line that goes away. */
  showAlert: boolean;
  at: Date;
}

interface Query {
  at: Date;
  answer: CallbackAnswer | undefined;
  waiting: ((answer: CallbackAnswer) => void)[];
}

const lifetimeMs = 150_000;
const longestText = 200;

/** The presses that can be answered. */
export class CallbackQueries {
  private readonly queries = new Map<string, Query>();
  private last = 53_021_371_690_324_529n;

  constructor(private readonly now: () => Date) {}

  /** A new press; returns its id. */
  open(): string {
    this.last += 7n;
    const id = String(this.last);
    this.queries.set(id, { at: this.now(), answer: undefined, waiting: [] });
    return id;
  }

  answer(id: string, text: string, showAlert: boolean): void {
    const query = this.queries.get(id);
    if (query === undefined || this.now().getTime() - query.at.getTime() > lifetimeMs) throw queryTooOld();
    if (text.length > longestText) throw badRequest('MESSAGE_TOO_LONG');
    // The first answer is what the person saw.
    query.answer ??= { text, showAlert, at: this.now() };
    for (const tell of query.waiting.splice(0)) tell(query.answer);
  }

  /** Resolves when the bot answers the press; rejects after the time. */
  async waitForAnswer(id: string, timeoutMs: number): Promise<CallbackAnswer> {
    const query = this.queries.get(id);
    if (query === undefined) throw new Error(`There was no callback query ${id}.`);
    if (query.answer !== undefined) return query.answer;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Nobody answered the press within ${timeoutMs} ms.`)), timeoutMs);
      query.waiting.push((answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
  }
}
