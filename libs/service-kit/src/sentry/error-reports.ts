import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type NodeClient } from '@sentry/node';
import { ReportPace } from './report-pace';
import { tagsOf, whatOf } from './report-tags';
import { withoutPersonalData } from './without-personal-data';

type Sentry = typeof import('@sentry/node');

/**
 * What became of a report: taken by Sentry, refused by it, not brought there, held back as one of too many, or not made
 * because there is no Sentry.
 */
export const reportOutcomes = ['sent', 'refused', 'failed', 'withheld', 'off'] as const;
export type ReportOutcome = (typeof reportOutcomes)[number];

export interface ReportTarget {
  readonly dsn: string;
  readonly environment: string;
  /** Null for the version of the packages. */
  readonly release: string | null;
  /** Values that may stand in no text. */
  readonly secrets: readonly string[];
}

/** Something that went wrong. */
export interface Report {
  /** What was thrown, where something was. */
  readonly error?: unknown;
  readonly message: string;
  /** What a line of the log has beside its message; those of `report-tags` go along. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const FLUSH_MS = 2_000;

/**
 * Reports to Sentry what is wrong with the program itself. That is whatever is logged as an error or worse (`reportLines`),
 * and what nobody caught.
 *
 * Of the three families of errors only the unexpected ones are logged so: a bug is mended by whoever wrote it, and Sentry
 * is where they look. What a user did wrong is told to the user. What is away (operational) is tried again until it is
 * back, and /metrics and /health say so: reporting each try would bury the bugs. It is reported only when it ends in a dead
 * letter, since then something is left undone until somebody acts.
 *
 * Nothing here throws, waits or is retried: a Sentry that is away costs a count in the metrics.
 */
export class ErrorReports {
  private readonly pace = new ReportPace();
  private client: NodeClient | null = null;
  private sentry: Sentry | null = null;
  private isBroken = false;
  private listener: (outcome: ReportOutcome) => void = () => undefined;

  /**
   * @param name of the process
   * @param target null to report nothing, and to load nothing
   */
  constructor(
    private readonly name: string,
    private readonly target: ReportTarget | null,
  ) {}

  onOutcome(listener: (outcome: ReportOutcome) => void): void {
    this.listener = listener;
  }

  /** Loads what is needed, so that the first report does not have to: 15 MB and 0.3 s of CPU. */
  prepare(): void {
    if (this.target === null || this.client !== null || this.isBroken) return;
    try {
      // As CommonJS: `import()` would take the other half of the package, with 10 MB more of memory.
      this.sentry = createRequire(__filename)('@sentry/node') as Sentry;
      this.client = this.clientOf(this.sentry, this.target);
    } catch {
      this.isBroken = true;
    }
  }

  report({ error, message, fields }: Report): void {
    if (this.target === null) return this.listener('off');
    try {
      this.prepare();
      const tags = tagsOf(this.name, fields);
      const what = whatOf(tags, message, error);
      const withheld = this.pace.ask(what, performance.now());
      if (this.client === null || this.sentry === null) return this.listener('failed');
      if (withheld === null) return this.listener('withheld');
      const scope = new this.sentry.Scope();
      scope.setClient(this.client);
      scope.setTags({ ...tags, ...(withheld > 0 ? { withheld: String(withheld) } : {}) });
      scope.setFingerprint([what]);
      if (error === undefined) scope.captureMessage(message, 'error');
      else scope.captureException(asError(error), { mechanism: { type: 'log', handled: true } });
    } catch {
      this.listener('failed');
    }
  }

  /** Waits for what is on its way, two seconds at most. */
  async close(): Promise<void> {
    await this.client?.close(FLUSH_MS).then(undefined, () => undefined);
    this.client = null;
    this.isBroken = true;
  }

  /**
   * A client of our own and not `init`, which would put an AsyncLocalStorage and listeners of its own into the process. No
   * integration but the one that follows causes: none that reads requests, variables, the console or the machine.
   */
  private clientOf(sentry: Sentry, { dsn, environment, release, secrets }: ReportTarget): NodeClient {
    const client = new sentry.NodeClient({
      ...{ dsn, environment, release: release ?? `recert-${this.name}@${versionOfPackages()}` },
      // The name of a machine is often that of a person.
      serverName: this.name,
      ...{ integrations: [], stackParser: sentry.defaultStackParser, enableRuntimeChannelInjection: false },
      ...{ sendClientReports: false, dataCollection: NOTHING },
      transport: (options) => this.counted(sentry.makeNodeTransport(options)),
      beforeSend: (event) => withoutPersonalData(event, secrets),
    });
    client.addIntegration(sentry.linkedErrorsIntegration());
    return client;
  }

  private counted(transport: ReturnType<Sentry['makeNodeTransport']>): ReturnType<Sentry['makeNodeTransport']> {
    return {
      ...transport,
      send: async (envelope) => {
        try {
          const answer = await transport.send(envelope);
          const { statusCode = 0 } = answer;
          this.listener(statusCode >= 200 && statusCode < 300 ? 'sent' : 'refused');
          return answer;
        } catch (error) {
          this.listener('failed');
          throw error;
        }
      },
    };
  }
}

/** `beforeSend` lets none of it through; what is not gathered cannot be forgotten there. */
const NOTHING = {
  ...{ userInfo: false, cookies: false, httpHeaders: false, httpBodies: [], urlQueryParams: false },
  ...{ databaseQueryData: false, queues: false, stackFrameVariables: false, frameContextLines: 0 },
};

/** Nest turns some errors into plain objects with a message. */
function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  const { message } = (error ?? {}) as { message?: unknown };
  return new Error(typeof message === 'string' ? message : String(error));
}

function versionOfPackages(): string {
  const file = join(__dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
