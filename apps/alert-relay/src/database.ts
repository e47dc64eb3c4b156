import { DatabaseModule } from '@recert/service-kit';
import { migrations } from './migrations';

export const alertRelayDatabase = DatabaseModule.forService({ service: 'alert-relay', migrations });
