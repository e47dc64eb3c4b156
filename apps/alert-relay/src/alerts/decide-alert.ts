import { type Alert, wakeOf } from './alert';
import { raiseNew, repeat } from './decide-firing';
import {
  type AlertCommand,
  type Decision,
  later,
  type Moment,
  nothing,
  said,
  type SignCommand,
  timeOf,
} from './decision';

/** @param known the newest alert of the source and key, resolved or not; null when there was none */
export function decideAlert(known: Alert | null, command: AlertCommand, moment: Moment): Decision {
  if (command.type === 'sign' && command.sign.status === 'firing') return decideFiring(known, command, moment);
  if (known === null) return nothing('nobody knows this alert');
  if (known.status === 'resolved') return nothing('it is over already');
  if (command.type === 'sign') return decideSign(known, command);
  switch (command.type) {
    case 'acknowledge':
      return acknowledge(known, command.by, command.at);
    case 'snooze':
      return snooze(known, command, moment.now);
    case 'resolve':
      return resolve(known, command.by, command.at);
    case 'release':
      return release(known, moment.now);
    case 'tick':
      return tick(known, moment.now);
  }
}

function decideFiring(known: Alert | null, command: SignCommand, moment: Moment): Decision {
  if (known === null) return raiseNew(command, moment);
  if (known.status !== 'resolved') return repeat(known, command, moment.now);
  return timeOf(command) < known.signAt ? nothing('it is older than the end of its alert') : raiseNew(command, moment);
}

function decideSign(known: Alert, command: SignCommand): Decision {
  const { sign } = command;
  const at = timeOf(command);
  if (sign.status === 'note') return nothing('it is a note');
  if (sign.status === 'resolved') {
    return at < known.signAt ? nothing('it fired again since then') : resolve(known, sign.by, at);
  }
  if (at < known.startedAt) return nothing('it is older than this alert');
  if (sign.status === 'acknowledged') return acknowledge(known, sign.by ?? known.source, at);
  return quiet({ ...known, signAt: later(known.signAt, at) }, 'snoozed', {
    by: sign.by ?? known.source,
    at,
    until: null,
  });
}

function acknowledge(known: Alert, by: string, at: Date): Decision {
  const isSame = known.status === 'acknowledged' && known.acknowledgedBy === by;
  return isSame ? nothing('the same person has acknowledged it already') : quiet(known, 'acknowledged', { by, at });
}

function snooze(known: Alert, order: { by: string; at: Date; until: Date | null }, now: Date): Decision {
  if (order.until !== null && order.until <= now) return nothing('the end of the snooze is over already');
  return quiet(known, 'snoozed', order);
}

function quiet(
  known: Alert,
  status: 'acknowledged' | 'snoozed',
  { by, at, until = null }: { by: string; at: Date; until?: Date | null },
): Decision {
  const version = known.version + 1;
  const alert = { ...known, version, status, acknowledgedBy: by, acknowledgedAt: at, snoozedUntil: until };
  return { type: 'raised', alert, level: 0 };
}

function resolve(known: Alert, by: string | null, at: Date): Decision {
  // A press may be older than what we have heard since; an alert does not end before it began.
  const resolvedAt = later(known.startedAt, at);
  const signAt = later(known.signAt, at);
  const over = { status: 'resolved', snoozedUntil: null, resolvedAt, resolvedBy: by, signAt } as const;
  return { type: 'resolved', alert: { ...known, ...over, version: known.version + 1 } };
}

function release(known: Alert, now: Date): Decision {
  if (known.heldBy === null) return nothing('it is not held');
  return said({ ...known, heldBy: null }, known.status === 'firing' ? 1 : 0, now);
}

function tick(known: Alert, now: Date): Decision {
  const wakeAt = wakeOf(known);
  if (wakeAt === null || wakeAt > now) return nothing('it is not time yet');
  if (known.status !== 'snoozed') return said(known, known.level === 1 ? 2 : 3, now);
  const firing = { status: 'firing', acknowledgedBy: null, acknowledgedAt: null, snoozedUntil: null } as const;
  return said({ ...known, ...firing }, known.heldBy === null ? 1 : 0, now);
}
