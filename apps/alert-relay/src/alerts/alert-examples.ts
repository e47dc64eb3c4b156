import { type Sign } from '../sources/sign';
import { type Alert } from './alert';
import { type SignCommand } from './decision';

/** Nine in the morning of a Saturday: the day on which the examples for tests take place. */
export const START = new Date('2026-11-21T09:00:00.000Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** So many milliseconds after the start. */
export const after = (ms: number): Date => new Date(START.getTime() + ms);

export function signOf(changes: Partial<Sign> = {}): Sign {
  return {
    ...{ key: '4200', status: 'firing', kind: 'uptime', severity: 'critical' },
    ...{ title: 'Downtime detected for https://lugha.example.org', detail: null, link: null },
    ...{ productHints: ['lugha'], at: null, by: null },
    ...changes,
  };
}

/** @param at when it was received */
export function signCommand(at: Date, sign: Partial<Sign> = {}, changes: Partial<SignCommand> = {}): SignCommand {
  return {
    type: 'sign',
    source: 'sentry',
    sign: signOf(sign),
    receivedAt: at,
    productId: 'lugha',
    outage: null,
    ...changes,
  };
}

/** An alert that has just been raised. */
export function alertOf(changes: Partial<Alert> = {}): Alert {
  return {
    ...{ id: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10', version: 1, source: 'sentry', key: '4200', productId: 'lugha' },
    ...{ kind: 'uptime', severity: 'critical', title: signOf().title, detail: null, link: null },
    ...{ count: 1, status: 'firing', startedAt: START, lastAt: START, signAt: START },
    ...{ acknowledgedBy: null, acknowledgedAt: null, snoozedUntil: null, heldBy: null, level: 1, saidAt: START },
    ...{ resolvedAt: null, resolvedBy: null },
    ...changes,
  };
}
