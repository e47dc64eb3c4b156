// Who waits for how long at 10,000 webhooks a second, simulated: in lanes of whole senders as today, and in lanes of a
// sender's alerts of one kind; by relays that share all lanes and by relays with lanes of their own. docs/scale.md reasons
// from it. The same seed gives the same figures on any machine.
import { grouped, tell } from './figures.mjs';
import { HANDLING, simulate } from './lanes.mjs';
import { round } from './measure.mjs';

const SEED = 20_240_229;
const PER_SECOND = 10_000;
const SENDERS = 10_000;
/** Busy for seven tenths of the time. */
const PROCESSORS = Math.ceil((PER_SECOND * HANDLING.processor) / 1000 / 0.7);

const shapes = [
  { says: 'one pool, lanes of senders', groups: 1, relays: 1, processors: PROCESSORS },
  { says: 'one pool, 20 lanes a sender', groups: 20, relays: 1, processors: PROCESSORS },
  { says: 'own lanes, 20 a sender', groups: 20, relays: Math.ceil(PROCESSORS / 2), processors: 2 },
  { says: 'own lanes, 200 a sender', groups: 200, relays: Math.ceil(PROCESSORS / 2), processors: 2 },
  {
    says: 'own lanes, 200 a sender, half as many again',
    groups: 200,
    relays: Math.ceil(PROCESSORS * 0.75),
    processors: 2,
  },
];

console.log(`simulated: ${grouped(PER_SECOND)} a second of ${grouped(SENDERS)} senders for a minute, seed ${SEED}`);
const rows = {};
for (const { says, ...shape } of shapes) {
  const { p50, p99, p99OfLargest, left } = simulate({ perSecond: PER_SECOND, senders: SENDERS, seed: SEED, ...shape });
  rows[says] = {
    processors: shape.relays * shape.processors,
    p50: round(p50),
    p99: round(p99),
    'p99 of the largest sender': round(p99OfLargest),
    left,
  };
  tell({
    what: `simulated wait at ${grouped(PER_SECOND)} webhooks a second, p99`,
    at: says,
    value: round(p99),
    unit: 'ms',
  });
}
console.table(rows);
