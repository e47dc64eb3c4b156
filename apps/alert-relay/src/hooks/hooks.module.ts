import { Module } from '@nestjs/common';
import { IntakeModule, KnownTokensModule } from '@recert/intake';
import { AlertsModule } from '../alerts/alerts.module';
import { alertRelayDatabase } from '../database';
import { AlertsHook } from './alerts.hook';
import { KnowTokenWhenTokenChanges } from './know-token-when-token-changes';
import { SentryHook } from './sentry.hook';

const knownTokens = KnownTokensModule.on(alertRelayDatabase);

@Module({
  imports: [AlertsModule, knownTokens],
  controllers: [KnowTokenWhenTokenChanges],
  providers: [SentryHook, AlertsHook],
  exports: [SentryHook, AlertsHook],
})
export class HooksModule {}

/** Both hooks, opened. */
export const alertIntake = IntakeModule.on(alertRelayDatabase, {
  imports: [HooksModule],
  hooks: [SentryHook, AlertsHook],
});
