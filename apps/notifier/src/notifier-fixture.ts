/** A notifier for tests, and the services around it as far as it notices them. */
import { randomUUID } from 'node:crypto';
import { ServiceDatabase } from '@recert/bus';
import {
  type DataOf,
  type EventContract,
  OwnerResponse,
  PersonChanged,
  ProcessCertified,
  ProcessDue,
  ProcessOverdue,
  ProcessRegistered,
} from '@recert/contracts';
import { type Clock, type RunningProcess, startProcess } from '@recert/service-kit';
import { NotifierModule, notifierConfig } from './index';

export const ADMIN = 'an-admin-token-of-tests';
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** The registry counts on however often the notifier is started; above the version of what the scheduler says. */
let newest = 1;

/** Starts the notifier on a free port. Asks at any time, unless told otherwise. */
export async function startNotifier(
  databaseUrl: string,
  environment: Record<string, string> = {},
  clock?: Clock,
): Promise<NotifierUnderTest> {
  const running = await startProcess(
    { name: 'notifier', modules: (env) => [NotifierModule.forRoot(notifierConfig.parse(env))] },
    {
      DATABASE_URL: databaseUrl,
      BUS_URL: databaseUrl,
      PORT: '0',
      LOG_LEVEL: 'silent',
      RECERT_ADMIN_TOKEN: ADMIN,
      ASK_HOURS: 'always',
      ...environment,
    },
    clock,
  );
  return new NotifierUnderTest(running);
}

export class NotifierUnderTest {
  readonly database: ServiceDatabase;
  private processes = 0;

  constructor(readonly running: RunningProcess) {
    this.database = running.app.get(ServiceDatabase, { strict: false });
  }

  async stop(): Promise<void> {
    await this.running.stop();
  }

  /** Publishes as whoever it is that publishes this kind of event. */
  async publish<E extends EventContract>(event: E, data: DataOf<E>): Promise<void> {
    await this.database.transaction(async (tx) => void tx.publish(event, data));
  }

  /** What the notifier has published of one kind, oldest first. */
  async published<E extends EventContract>(event: E): Promise<DataOf<E>[]> {
    const rows = await this.query<{ payload: string }>('select payload from outbox where subject = $1 order by id', [
      event.subject,
    ]);
    return rows.map((row) => event.schema.parse(JSON.parse(row.payload)) as DataOf<E>);
  }

  /** The answers about one process, oldest first. */
  async responses({ processId }: { processId: string }): Promise<OwnerResponse[]> {
    return (await this.published(OwnerResponse)).filter((response) => response.processId === processId);
  }

  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.database.query<Row>(sql, parameters);
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.running.url + path, {
      redirect: 'manual',
      ...init,
      headers: { authorization: `Bearer ${ADMIN}`, ...init.headers },
    });
  }

  /** The registry introduces a person, with an open invitation if a code hash is given. */
  async person(handle: string, of: Partial<PersonChanged> = {}): Promise<void> {
    const version = (newest += 1);
    const name = handle.charAt(0).toUpperCase() + handle.slice(1);
    await this.publish(PersonChanged, {
      handle,
      version,
      name,
      roles: ['owner'],
      active: true,
      invitation: null,
      ...of,
    });
  }

  /** The scheduler says that a process is due: a new one each time, unless it is named. */
  async due(of: Partial<ProcessDue> = {}): Promise<ProcessDue> {
    const now = new Date().toISOString();
    const due: ProcessDue = {
      processId: `deploy-product-releases-${(this.processes += 1)}`,
      version: 1,
      reviewId: randomUUID(),
      openedAt: now,
      name: 'deploy product releases',
      section: 'product maintenance',
      owner: 'alice',
      deputy: null,
      url: 'https://example.org/processes.md#deploy-product-releases',
      reason: 'period-over',
      reminder: 0,
      dueAt: now,
      askedBy: null,
      ...of,
    };
    await this.publish(ProcessDue, due);
    return due;
  }

  /** The scheduler says that nobody answered, or that the owner says it is not theirs. */
  async overdue(due: ProcessDue, of: Pick<ProcessOverdue, 'level' | 'reason'>): Promise<void> {
    const { processId, version, reviewId, openedAt, name, section, owner, deputy, url } = due;
    const subject = { processId, version, reviewId, openedAt, name, section, owner, deputy, url };
    await this.publish(ProcessOverdue, { ...subject, ...of, at: new Date().toISOString() });
  }

  /** The registry tells the state of the process that is due. */
  async registered(due: ProcessDue, of: Partial<ProcessRegistered> = {}): Promise<void> {
    const { processId, name, section, owner, deputy, url, reviewId, openedAt, reason, reminder } = due;
    const known = { processId, name, section, owner, deputy, url };
    const review = { id: reviewId, open: true, openedAt, reason, reminder, snoozedUntil: null, disownedBy: null };
    await this.publish(ProcessRegistered, {
      ...known,
      version: (newest += 1),
      status: 'due',
      documented: true,
      product: null,
      triggerPeriod: 'P1Y',
      certificationDate: null,
      nextDueAt: null,
      updatingSince: null,
      recordHash: 'a',
      review,
      lastResponse: null,
      ...of,
    });
  }

  /** The registry takes an answer, or refuses it with a sentence. */
  async decide(
    due: ProcessDue,
    response: OwnerResponse,
    of: Partial<ProcessRegistered> = {},
    refused: string | null = null,
  ): Promise<void> {
    const { responseId: id, reviewId, answer, by, channel, at } = response;
    await this.registered(due, { lastResponse: { id, reviewId, answer, by, channel, at, refused }, ...of });
  }

  /** The registry takes the answer "it is correct". */
  async certify(due: ProcessDue, response: OwnerResponse): Promise<ProcessCertified> {
    const { processId, name, reviewId, openedAt, reason, reminder } = due;
    const { responseId, by, at, recordOpened } = response;
    const nextDueAt = new Date(new Date(at).getTime() + YEAR_MS).toISOString();
    const review = { id: reviewId, open: false, openedAt, reason, reminder, snoozedUntil: null, disownedBy: null };
    await this.decide(due, response, { status: 'certified', certificationDate: at, nextDueAt, review });
    const version = newest;
    const certified: ProcessCertified = {
      processId,
      version,
      name,
      reviewId,
      responseId,
      by,
      certificationDate: at,
      recordHash: 'a',
      recordOpened,
      nextDueAt,
    };
    await this.publish(ProcessCertified, certified);
    return certified;
  }
}
