import { type DynamicModule, Module } from '@nestjs/common';
import { AlertsModule } from './alerts/alerts.module';
import { ALERT_RELAY_CONFIG, type AlertRelayConfig } from './config';
import { alertIntake } from './hooks/hooks.module';
import { IdentitiesModule } from './identity/identities.module';
import { ProductsModule } from './products/products.module';
import { SentryPollModule } from './sources/sentry/sentry-poll.module';

/** The alert relay: makes one living alert of whatever sources say of the same thing. */
@Module({})
export class AlertRelayModule {
  static forRoot(config: AlertRelayConfig): DynamicModule {
    return {
      module: AlertRelayModule,
      global: true,
      imports: [IdentitiesModule, ProductsModule, AlertsModule, alertIntake, SentryPollModule],
      providers: [{ provide: ALERT_RELAY_CONFIG, useValue: config }],
      exports: [ALERT_RELAY_CONFIG],
    };
  }
}
