import { backlogSuite } from './test-kit/backlog-suite';
import { deliverySuite } from './test-kit/delivery-suite';
import { forgettingSuite } from './test-kit/forgetting-suite';
import { observingSuite } from './test-kit/observing-suite';
import { processesSuite } from './test-kit/processes-suite';
import { readingSuite } from './test-kit/reading-suite';
import { TransportTests, type TransportStore } from './test-kit/transport-tests';
import { troubleSuite } from './test-kit/trouble-suite';

/**
 * The promises of every transport, against its real store.
 * @param leaseMs after how long the store gives to others what a silent process holds
 */
export function transportSuite(start: () => Promise<TransportStore>, leaseMs: number): TransportTests {
  const suite = new TransportTests(start, leaseMs);
  deliverySuite(suite);
  processesSuite(suite);
  observingSuite(suite);
  forgettingSuite(suite);
  backlogSuite(suite);
  readingSuite(suite);
  troubleSuite(suite);
  return suite;
}
