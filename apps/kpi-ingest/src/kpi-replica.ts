import { busMigrations, type Delivery, type Outcome, ServiceDatabase, type Tx } from '@recert/bus';
import { KpiMissed, KpiReceived, ProductRegistered } from '@recert/contracts';
import { intakeMigrations, type Received } from '@recert/intake';
import { type Period } from '@recert/recertification';
import { type Clock } from '@recert/service-kit';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { kpiIngestConfig } from './config';
import { migrations } from './migrations';
import { LookAgainWhenGraceChanged } from './missed/look-again-when-grace-changed';
import { SayWhatIsMissed } from './missed/say-what-is-missed';
import { SilenceRepository } from './missed/silence.repository';
import { SilenceTimer } from './missed/silence-timer';
import { KnowProductWhenProductChanges } from './products/know-product-when-product-changes';
import { ProductRepository } from './products/product.repository';
import { AcceptReport } from './reports/accept-report';
import { ReportRepository } from './reports/report.repository';

/** Ends the transaction of what was not done. */
class Undone extends Error {
  constructor(readonly outcome: Outcome) {
    super('undone');
  }
}

/** The service without HTTP, bus and timer, which tests drive step by step. */
export class KpiReplica {
  private readonly know: KnowProductWhenProductChanges;
  private readonly accept: AcceptReport;
  private readonly missed: SayWhatIsMissed;
  private readonly lookAgain: LookAgainWhenGraceChanged;

  private constructor(
    readonly database: ServiceDatabase,
    private readonly clock: Clock,
    grace: Period | null,
  ) {
    const products = new ProductRepository();
    const silences = new SilenceRepository(database);
    this.missed = new SayWhatIsMissed(database, silences, clock, grace);
    const timer = new SilenceTimer(this.missed, silences, clock);
    this.know = new KnowProductWhenProductChanges(products, timer, clock);
    this.accept = new AcceptReport(products, new ReportRepository());
    this.lookAgain = new LookAgainWhenGraceChanged(database, silences, timer, clock, grace);
  }

  /** @param url of a database, in which the schema `kpi-ingest` is made when it is not there */
  static async start(url: string, clock: Clock, grace = 'PT2H'): Promise<KpiReplica> {
    const dataSource = await new DataSource({
      type: 'postgres',
      schema: 'kpi-ingest',
      migrations: [...busMigrations, ...intakeMigrations, ...migrations],
      migrationsTableName: 'migration',
      extra: { connectionString: url, options: '-c search_path=kpi-ingest' },
    }).initialize();
    await dataSource.query('create schema if not exists "kpi-ingest"');
    await dataSource.runMigrations({ transaction: 'each' });
    const { KPI_GRACE } = kpiIngestConfig.parse({ KPI_GRACE: grace });
    const replica = new KpiReplica(new ServiceDatabase('kpi-ingest', dataSource), clock, KPI_GRACE);
    await replica.lookAgain.onApplicationBootstrap();
    return replica;
  }

  async stop(): Promise<void> {
    if (this.database.dataSource.isInitialized) await this.database.dataSource.destroy();
  }

  /** Looks at everything that is due. */
  tick(): Promise<number> {
    return this.missed.run();
  }

  /** @param change of the event's example, which is registered now */
  registered(change: Partial<ProductRegistered> = {}): Promise<Outcome> {
    const attributes = { time: this.clock.now().toISOString() } as Delivery['attributes'];
    return this.run((tx) =>
      this.know.handle({ ...ProductRegistered.example, ...change }, { tx, attributes, deliveries: 1 }),
    );
  }

  /** What came in at the hook of a product just now, or when `change` says. @param body as JSON; a buffer as it is */
  reported(target: string, body: unknown, change: Partial<Received> = {}): Promise<Outcome> {
    const received: Received = {
      id: randomUUID(),
      ...{ hook: 'kpi', target, sender: 'token 6f1d2a9be04c', productId: target },
      receivedAt: this.clock.now(),
      headers: {},
      body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
      attempts: 1,
      ...change,
    };
    return this.run((tx) => this.accept.run(received, tx));
  }

  /** Everything said so far, in order. */
  async said(): Promise<{ received: KpiReceived[]; missed: KpiMissed[] }> {
    const rows = await this.database.query<{ subject: string; payload: string }>(
      'select subject, payload from outbox order by id',
    );
    const of = <T>(subject: string): T[] =>
      rows.filter((row) => row.subject === subject).map((row) => JSON.parse(row.payload) as T);
    return { received: of(KpiReceived.subject), missed: of(KpiMissed.subject) };
  }

  /** As the bus and the intake run a handler: what is not done is rolled back. */
  private async run(handle: (tx: Tx) => Promise<Outcome>): Promise<Outcome> {
    try {
      return await this.database.transaction(async (tx) => {
        const outcome = await handle(tx);
        if (outcome.kind !== 'done') throw new Undone(outcome);
        return outcome;
      });
    } catch (error) {
      if (error instanceof Undone) return error.outcome;
      throw error;
    }
  }
}
