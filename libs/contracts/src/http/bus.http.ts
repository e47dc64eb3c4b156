import { z } from 'zod';
import { memberPhase, switchPhase } from '../events/bus.events';
import { instant } from '../scalars';

/** `POST /api/bus/switch`: an address without user and password, or `postgres` for the database. */
export const switchBody = z.strictObject({ to: z.string().trim().min(1).max(300) });
export type SwitchBody = z.output<typeof switchBody>;

/** A service as it has told of itself last. */
export const busMemberView = z.object({
  service: z.string(),
  /** The last switch that it has ended well. */
  generation: z.int(),
  /** Where it publishes. */
  transport: z.string(),
  phase: memberPhase,
  /** What the old transport still holds for it; null where there is none, or it is not known. */
  backlog: z.int().nullable(),
  problem: z.string().nullable(),
  at: instant,
});
export type BusMemberView = z.output<typeof busMemberView>;

export const busSwitchView = z.object({
  generation: z.int(),
  from: z.string(),
  to: z.string(),
  phase: switchPhase,
  /** Services that have not come as far as the phase wants. */
  waitingFor: z.array(z.string()),
  /** Why it was abandoned, or what keeps it from going on. */
  problem: z.string().nullable(),
  /** Events of the counted time that were published, of all services; null before they are counted. */
  events: z.int().nullable(),
  by: z.string(),
  askedAt: instant,
  endedAt: instant.nullable(),
});
export type BusSwitchView = z.output<typeof busSwitchView>;

/** `GET /api/bus`. */
export const busView = z.object({
  /** Where the registry publishes. */
  transport: z.string(),
  members: z.array(busMemberView),
  /** The switch that is under way, or the last one; null where there has been none. */
  switch: busSwitchView.nullable(),
});
export type BusView = z.output<typeof busView>;

/** `POST /api/bus/replay`. */
export const refillBody = z.strictObject({ since: instant });
export type RefillBody = z.output<typeof refillBody>;

/** How many events each service publishes again, and who has not answered yet. */
export const refillView = z.object({
  refillId: z.string(),
  events: z.int(),
  services: z.array(z.object({ service: z.string(), events: z.int() })),
  missing: z.array(z.string()),
});
export type RefillView = z.output<typeof refillView>;
