import { busMigrations, type Outcome, ServiceDatabase } from '@recert/bus';
import { type AlertAcknowledged, AlertRaised, AlertResolved, type ProductRegistered } from '@recert/contracts';
import { type Clock } from '@recert/service-kit';
import { DataSource } from 'typeorm';
import { migrations } from '../migrations';
import { KnowProductWhenProductChanges } from '../products/know-product-when-product-changes';
import { ProductRepository } from '../products/product.repository';
import { type Sign } from '../sources/sign';
import { type Alert } from './alert';
import { type AlertRow, toAlert } from './alert-row';
import { AlertTimer } from './alert-timer';
import { AlertRepository } from './alert.repository';
import { ApplyPressWhenAlertIsAcknowledged } from './apply-press-when-alert-is-acknowledged';
import { ApplySigns, type Origin } from './apply-signs';
import { ChangeAlert } from './change-alert';
import { RaiseAgainWhenNobodyAcknowledges } from './raise-again-when-nobody-acknowledges';
import { SignLog } from './sign-log';

/** What a replica has said: `level` is that of `alert.raised`, or the word resolved. */
export type Said = (AlertRaised | AlertResolved) & { readonly said: number | 'resolved' };

const SCHEMA = 'alert-relay';

/** An alert relay without HTTP, bus and timer, which tests drive step by step. */
export class AlertRelayReplica {
  readonly alerts: AlertRepository;
  readonly signs: ApplySigns;
  private readonly due: RaiseAgainWhenNobodyAcknowledges;
  private readonly know: KnowProductWhenProductChanges;
  private readonly apply: ApplyPressWhenAlertIsAcknowledged;

  private constructor(
    readonly database: ServiceDatabase,
    private readonly clock: Clock,
  ) {
    const products = new ProductRepository();
    this.alerts = new AlertRepository(database);
    this.due = new RaiseAgainWhenNobodyAcknowledges(database, this.alerts, clock);
    const change = new ChangeAlert(this.alerts, new AlertTimer(this.due, this.alerts, clock), clock);
    this.signs = new ApplySigns(this.alerts, change, products, new SignLog());
    this.know = new KnowProductWhenProductChanges(products);
    this.apply = new ApplyPressWhenAlertIsAcknowledged(this.alerts, change);
  }

  /** @param url of a database, in which the schema of the service is made when it is not there */
  static async start(url: string, clock: Clock): Promise<AlertRelayReplica> {
    const dataSource = await new DataSource({
      type: 'postgres',
      schema: SCHEMA,
      migrations: [...busMigrations, ...migrations],
      migrationsTableName: 'migration',
      extra: { connectionString: url, options: `-c search_path=${SCHEMA}` },
    }).initialize();
    await dataSource.query(`create schema if not exists "${SCHEMA}"`);
    await dataSource.runMigrations({ transaction: 'each' });
    return new AlertRelayReplica(new ServiceDatabase(SCHEMA, dataSource), clock);
  }

  async stop(): Promise<void> {
    if (this.database.dataSource.isInitialized) await this.database.dataSource.destroy();
  }

  /** What one request of a source says, now. */
  async hear(signs: Sign | readonly Sign[], origin: Partial<Origin> = {}): Promise<void> {
    const from = { source: 'sentry', hookId: null, receivedAt: this.clock.now(), productId: null, ...origin };
    await this.database.transaction((tx) => this.signs.apply(tx, from, 'key' in signs ? [signs] : signs));
  }

  /** Looks at everything that is due. */
  tick(): Promise<number> {
    return this.due.run();
  }

  learn(product: ProductRegistered): Promise<Outcome> {
    return this.database.transaction((tx) => this.know.handle(product, deliveryOf(tx)));
  }

  press(data: AlertAcknowledged): Promise<Outcome> {
    return this.database.transaction((tx) => this.apply.handle(data, deliveryOf(tx)));
  }

  /** Everything said so far, in order. */
  async said(): Promise<Said[]> {
    const rows = await this.database.query<{ subject: string; payload: string }>(
      'select subject, payload from outbox where subject = any($1) order by id',
      [[AlertRaised.subject, AlertResolved.subject]],
    );
    return rows.map(({ subject, payload }) => {
      const data = JSON.parse(payload) as AlertRaised & AlertResolved;
      return { ...data, said: subject === AlertRaised.subject ? data.level : 'resolved' };
    });
  }

  /** Every alert there ever was, oldest first. */
  async all(): Promise<Alert[]> {
    const rows = await this.database.query<AlertRow>('select * from alert order by started_at, resolved_at, id');
    return rows.map(toAlert);
  }
}

function deliveryOf<T>(tx: T): { tx: T; attributes: never; deliveries: number } {
  return { tx, attributes: undefined as never, deliveries: 1 };
}
