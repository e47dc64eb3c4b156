import { DatabaseModule } from '@recert/service-kit';
import { recallAlerts } from './alerts/recall-alerts';
import { migrations } from './migrations';

export const alertRelayDatabase = DatabaseModule.forService({
  service: 'alert-relay',
  migrations,
  recallings: [recallAlerts],
});
