import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { ProductRepository } from '../products/product.repository';
import { type Sign } from '../sources/sign';
import { type Alert } from './alert';
import { AlertRepository } from './alert.repository';
import { ChangeAlert } from './change-alert';
import { isNextOutage } from './decide-firing';
import { type Decision, type SignCommand } from './decision';
import { SignLog } from './sign-log';

/** Where signs came from. */
export interface Origin {
  readonly source: string;
  /** The request that said it; null for what was asked for. */
  readonly hookId: string | null;
  readonly receivedAt: Date;
  /** What the sender's token is about. */
  readonly productId: string | null;
}

/** Makes alerts of what a source has said. */
@Injectable()
export class ApplySigns {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly change: ChangeAlert,
    private readonly products: ProductRepository,
    private readonly log: SignLog,
  ) {}

  async apply(tx: Tx, origin: Origin, signs: readonly Sign[]): Promise<void> {
    const own = signs.map((sign) => ({ ...sign, key: ownKey(origin, sign) }));
    for (const sign of inLockingOrder(own)) await this.applyOne(tx, origin, sign);
  }

  private async applyOne(tx: Tx, origin: Origin, sign: Sign): Promise<void> {
    const { source, receivedAt, hookId } = origin;
    const productId = await this.productOf(tx, origin, sign);
    const known = await this.alerts.lockNewest(tx, source, sign.key);
    const mayBeNew = sign.status === 'firing' && (known === null || known.status === 'resolved');
    const mayBeHeld = mayBeNew && sign.kind === 'error' && productId !== null;
    const outage = mayBeHeld ? await this.alerts.openOutage(tx, productId) : null;
    const command = { type: 'sign', source, sign, receivedAt, productId, outage } as const;
    const decision = await this.change.apply(tx, await this.endUnseen(tx, known, command), command);
    const alertId = decision.type === 'nothing' ? (known?.id ?? null) : decision.alert.id;
    await this.log.append(tx, { hookId, alertId, source, sign, receivedAt, effect: effectOf(decision) });
  }

  /** Ends the outage before, whose recovery nobody has told: it is known now to have been over by then. */
  private async endUnseen(tx: Tx, known: Alert | null, command: SignCommand): Promise<Alert | null> {
    if (known === null || !isNextOutage(known, command)) return known;
    const over = { ...command, sign: { ...command.sign, status: 'resolved', by: null } } as const;
    const decision = await this.change.apply(tx, known, over);
    return decision.type === 'resolved' ? decision.alert : known;
  }

  /** A token says it for certain; Sentry has no token, and names of its own for projects. */
  private async productOf(tx: Tx, { source, productId }: Origin, { productHints }: Sign): Promise<string | null> {
    if (productId !== null) return productId;
    return source === 'sentry'
      ? this.products.ofSentryProjects(tx, productHints)
      : this.products.ofIds(tx, productHints);
  }
}

/** Two products may call their alerts alike. Sentry's own numbers are nobody's but one issue's. */
export function ownKey(
  { source, productId }: Pick<Origin, 'source' | 'productId'>,
  { key, productHints }: Pick<Sign, 'key' | 'productHints'>,
): string {
  const product = source === 'sentry' ? null : (productId ?? productHints[0]?.toLowerCase() ?? null);
  return product === null ? key : `${product} ${key}`;
}

/**
 * Outages first, then by key: two requests about the same alerts lock them in the same order. Signs of one alert keep
 * theirs.
 */
function inLockingOrder(signs: readonly Sign[]): Sign[] {
  const rank = ({ kind }: Sign): number => (kind === 'uptime' ? 0 : 1);
  return [...signs].sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function effectOf(decision: Decision): string {
  if (decision.type === 'nothing') return `nothing: ${decision.reason}`;
  if (decision.type === 'resolved') return 'resolved';
  return decision.level === 0 ? 'changed' : `raised at level ${decision.level}`;
}
