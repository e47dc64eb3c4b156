import { runProcess } from '@recert/service-kit';
import { AlertRelayModule } from './app.module';
import { alertRelayConfig, environment } from './config';

void runProcess(
  { name: 'alert-relay', modules: (env) => [AlertRelayModule.forRoot(alertRelayConfig.parse(env))] },
  environment,
);
