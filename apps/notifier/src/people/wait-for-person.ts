import { type Outcome, patienceMs, retry } from '@recert/bus';
import { type Person } from './person';

/**
 * Whoever is known by their account alone was recalled after a restore: who they are and what they may do comes again, a
 * moment later. @returns null when it is known
 */
export function untilPersonIsKnown(person: Person | undefined, deliveries: number): Outcome | null {
  if (person !== undefined && person.version > 0) return null;
  return retry(patienceMs(deliveries, 60_000), 'the registry has not said who it is yet');
}
