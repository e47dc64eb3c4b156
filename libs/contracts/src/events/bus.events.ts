import { z } from 'zod';
import { defineEvent, serviceNames, type DataOf } from '../event';
import { instant } from '../scalars';

/** How far a switch has come: what every service is to do next, or how it ended. */
export const switchPhase = z.enum(['asked', 'decided', 'draining', 'verifying', 'done', 'abandoned']);
export type SwitchPhase = z.output<typeof switchPhase>;

/** How far one service has come; `idle` where no switch concerns it. */
export const memberPhase = z.enum(['idle', 'asked', 'joined', 'refused', 'flipped', 'drained', 'counted']);
export type MemberPhase = z.output<typeof memberPhase>;

export const BusSwitching = defineEvent({
  subject: 'bus.switching',
  says: 'How far a switch of the bus to another transport has come: what every service is to do next.',
  publishers: ['registry'],
  consumers: serviceNames,
  schema: z.object({
    /** Numbers the switches of an installation. */
    generation: z.int().min(1),
    /** Grows with each step of one switch. */
    step: z.int().min(1),
    phase: switchPhase,
    /** Addresses, never with user or password. */
    from: z.string(),
    to: z.string(),
    /** The services that are waited for at each step. */
    members: z.array(z.string()),
    /** Events whose id was made from then on are counted by everybody. */
    since: instant,
    /** Until when; null before it is decided. */
    until: instant.nullable(),
    at: instant,
  }),
  example: {
    generation: 1,
    step: 2,
    phase: 'decided',
    from: 'postgres://127.0.0.1:5432/recert',
    to: 'nats://127.0.0.1:4222',
    members: ['notifier', 'registry', 'scheduler'],
    since: '2026-11-27T08:50:00.000Z',
    until: '2026-11-27T09:00:02.000Z',
    at: '2026-11-27T09:00:02.000Z',
  },
});
export type BusSwitching = DataOf<typeof BusSwitching>;

export const BusMember = defineEvent({
  subject: 'bus.member',
  says: 'A service says which transport it publishes on, and how far it is with a switch; also at its start and daily.',
  publishers: serviceNames,
  consumers: ['registry'],
  schema: z.object({
    service: z.string(),
    /** Only grows per service: the highest report holds. */
    report: z.int().min(1),
    /** The last switch that it has ended well; 0 before the first one. */
    generation: z.int().min(0),
    /** Where it publishes. */
    transport: z.string(),
    /** The switch that it is taking part in; null where there is none. */
    switching: z.int().nullable(),
    /** The step of it that it has heard of last. */
    step: z.int().nullable(),
    phase: memberPhase,
    /** Which store it has found behind the new address: all must have found the same. */
    store: z.string().nullable(),
    /** Why it has refused, or what keeps it. */
    problem: z.string().nullable(),
    /** What the old transport still holds for its consumers; null where that is not known or does not matter. */
    backlog: z.int().nullable(),
    /** How many events of the counted time it has published, by subject. */
    published: z.record(z.string(), z.int()),
    /** How many of them each of its consumers has handled or keeps as a dead letter. */
    handled: z.array(z.object({ consumer: z.string(), subject: z.string(), events: z.int() })),
    at: instant,
  }),
  example: {
    service: 'scheduler',
    report: 1_795_770_004_000,
    generation: 0,
    transport: 'nats://127.0.0.1:4222',
    switching: 1,
    step: 4,
    phase: 'counted',
    store: '2026-11-27T08:00:00.000Z',
    problem: null,
    backlog: 0,
    published: { 'process.due': 3 },
    handled: [
      { consumer: 'scheduler.follow-process-when-it-is-registered', subject: 'process.registered', events: 14 },
    ],
    at: '2026-11-27T09:00:04.000Z',
  },
});
export type BusMember = DataOf<typeof BusMember>;

export const BusRefill = defineEvent({
  subject: 'bus.refill',
  says: 'Somebody wants every service to publish again what it has published since an instant.',
  publishers: ['registry'],
  consumers: serviceNames,
  schema: z.object({ refillId: z.uuid(), since: instant, by: z.string(), at: instant }),
  example: {
    refillId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d50',
    since: '2026-11-26T00:00:00.000Z',
    by: 'ada',
    at: '2026-11-27T09:10:00.000Z',
  },
});
export type BusRefill = DataOf<typeof BusRefill>;

export const BusRefilled = defineEvent({
  subject: 'bus.refilled',
  says: 'A service publishes again what was wanted, and says how many events that are.',
  publishers: serviceNames,
  consumers: ['registry'],
  schema: z.object({ refillId: z.uuid(), service: z.string(), events: z.int().min(0), at: instant }),
  example: {
    refillId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d50',
    service: 'scheduler',
    events: 214,
    at: '2026-11-27T09:10:01.000Z',
  },
});
export type BusRefilled = DataOf<typeof BusRefilled>;
