import { runProcess } from '@recert/service-kit';
import { NotifierModule } from './app.module';
import { environment, notifierConfig } from './config';

void runProcess(
  { name: 'notifier', modules: (given) => [NotifierModule.forRoot(notifierConfig.parse(given))] },
  environment,
);
