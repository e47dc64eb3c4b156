import { type Alert, UNHEARD_MS } from './alert';
import { type Decision, later, type Moment, said, type SignCommand, timeOf } from './decision';

/** The first sign of an alert, or of one that comes again after its end. */
export function raiseNew(command: SignCommand, { now, newId }: Moment): Decision {
  const { sign, source, productId, receivedAt } = command;
  const { key, kind, title, detail, link } = sign;
  const startedAt = timeOf(command);
  const heldBy = holderOf(command, startedAt);
  const alert: Alert = {
    ...{ id: newId, version: 1, source, key, productId, kind, title, detail, link },
    severity: sign.severity ?? 'warning',
    ...{ count: 1, status: 'firing', startedAt, lastAt: receivedAt, signAt: startedAt },
    ...{ acknowledgedBy: null, acknowledgedAt: null, snoozedUntil: null, heldBy },
    ...(heldBy === null ? { level: 1, saidAt: now } : { level: 0, saidAt: null }),
    ...{ resolvedAt: null, resolvedBy: null },
  };
  return { type: 'raised', alert, level: alert.level };
}

/**
 * Whether an outage begins again that is still thought to go on: its source knows that it was over in between, and has
 * told nobody. That is another outage, and so another alert.
 */
export function isNextOutage(known: Alert, command: SignCommand): boolean {
  const { again, status, kind } = command.sign;
  const isOutage = kind === 'uptime' || kind === 'cron';
  return (
    status === 'firing' &&
    again === true &&
    isOutage &&
    known.status !== 'resolved' &&
    timeOf(command) > known.startedAt
  );
}

/** One more sign of what is known: counted, and said aloud only where it is worse than what people were told. */
export function repeat(known: Alert, command: SignCommand, now: Date): Decision {
  const { sign, receivedAt, productId } = command;
  const at = timeOf(command);
  const counted = { ...known, count: known.count + 1, lastAt: later(known.lastAt, receivedAt) };
  // It comes too late to say how things stand.
  if (at < known.signAt) return said(counted, 0, now);
  const severity = sign.severity ?? known.severity;
  const isWorse = severity === 'critical' && known.severity !== 'critical';
  const isBack = sign.again === true && hasRecoveredMeanwhile(known, at);
  const told = {
    ...{ severity, signAt: at, title: sign.title, detail: sign.detail ?? known.detail, link: sign.link ?? known.link },
    productId: known.productId ?? productId,
  };
  if (!isWorse && !isBack) return said({ ...counted, ...told }, 0, now);
  const firing = { status: 'firing', acknowledgedBy: null, acknowledgedAt: null, snoozedUntil: null } as const;
  return said({ ...counted, ...told, ...firing }, known.heldBy === null ? 1 : 0, now);
}

/**
 * Whether people think of an earlier time when it begins again at this one: they quieted it for as long as it would
 * last, or were told of it long ago. Some sources tell nobody that it was over in between.
 */
function hasRecoveredMeanwhile({ status, snoozedUntil, acknowledgedAt, signAt }: Alert, at: Date): boolean {
  if (status === 'firing') return at.getTime() - signAt.getTime() >= UNHEARD_MS;
  const isUntilRecovery = status === 'acknowledged' || snoozedUntil === null;
  return isUntilRecovery && acknowledgedAt !== null && at > acknowledgedAt;
}

/** An error that begins during an outage of its product is explained by it. */
function holderOf({ sign, outage }: SignCommand, startedAt: Date): string | null {
  const isExplained = sign.kind === 'error' && outage !== null && startedAt >= outage.startedAt;
  return isExplained ? outage.id : null;
}
