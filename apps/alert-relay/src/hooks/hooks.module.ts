import { Module } from '@nestjs/common';
import { IntakeModule } from '@recert/intake';
import { AlertsModule } from '../alerts/alerts.module';
import { ALERT_RELAY_CONFIG } from '../config';
import { alertRelayDatabase } from '../database';
import { knownIdentities } from '../identity/known-identities';
import { AlertsHook } from './alerts.hook';
import { SentryHook } from './sentry.hook';

@Module({
  imports: [AlertsModule, knownIdentities],
  providers: [SentryHook, AlertsHook],
  exports: [SentryHook, AlertsHook],
})
export class HooksModule {}

/** Both hooks, opened. */
export const alertIntake = IntakeModule.on(alertRelayDatabase, {
  imports: [HooksModule],
  hooks: [SentryHook, AlertsHook],
  config: ALERT_RELAY_CONFIG,
});
