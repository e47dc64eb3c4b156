import { type Tx } from '@recert/bus';
import { type Alert, wakeOf } from './alert';
import { type AlertRepository } from './alert.repository';
import { type Outage } from './decision';

type Asked = Pick<
  AlertRepository,
  'lockNewest' | 'lock' | 'openOutage' | 'lockHeldBy' | 'claimDue' | 'save' | 'postpone'
>;

/** The table `alert` for tests that touch nothing outside the process: one transaction at a time, as its locks make it. */
export class AlertsInMemory implements Asked {
  readonly rows = new Map<string, Alert>();
  private readonly order: string[] = [];

  async lockNewest(_tx: Tx, source: string, key: string): Promise<Alert | null> {
    const about = this.all().filter((alert) => alert.source === source && alert.key === key);
    const open = about.findLast(({ status }) => status !== 'resolved');
    const over = about.reduce<Alert | null>((a, b) => (a && a.resolvedAt! > b.resolvedAt! ? a : b), null);
    return open ?? over;
  }

  async lock(_tx: Tx, id: string): Promise<Alert | null> {
    return this.rows.get(id) ?? null;
  }

  async openOutage(_tx: Tx, productId: string): Promise<Outage | null> {
    const open = this.all().filter(
      (alert) => alert.productId === productId && alert.kind === 'uptime' && alert.status !== 'resolved',
    );
    return byStart(open)[0] ?? null;
  }

  async lockHeldBy(_tx: Tx, outageId: string): Promise<Alert[]> {
    return byStart(this.all().filter(({ heldBy, status }) => heldBy === outageId && status !== 'resolved'));
  }

  async claimDue(_tx: Tx, now: Date, limit: number): Promise<Alert[]> {
    const due = this.all().filter((alert) => (wakeOf(alert)?.getTime() ?? Infinity) <= now.getTime());
    return due.slice(0, limit);
  }

  async save(_tx: Tx, alert: Alert): Promise<void> {
    if (!this.rows.has(alert.id)) this.order.push(alert.id);
    this.rows.set(alert.id, alert);
  }

  async postpone(): Promise<void> {
    throw new Error('An alert could not be told');
  }

  /** In the order in which they were raised. */
  all(): Alert[] {
    return this.order.map((id) => this.rows.get(id)!);
  }
}

function byStart(alerts: readonly Alert[]): Alert[] {
  return [...alerts].sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
}
