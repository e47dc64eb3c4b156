import { runProcess } from '@recert/service-kit';
import { RegistryModule } from './app.module';
import { environment, registryConfig } from './config';
import { largeBodies } from './library/large-bodies';

void runProcess(
  { name: 'registry', modules: (env) => [RegistryModule.forRoot(registryConfig.parse(env))], largeBodies },
  environment,
);
