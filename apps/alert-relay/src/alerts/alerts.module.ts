import { Module } from '@nestjs/common';
import { alertRelayDatabase } from '../database';
import { ProductsModule } from '../products/products.module';
import { AlertTimer } from './alert-timer';
import { AlertRepository } from './alert.repository';
import { AlertsController } from './alerts.controller';
import { ApplyPressWhenAlertIsAcknowledged } from './apply-press-when-alert-is-acknowledged';
import { ApplySigns } from './apply-signs';
import { ChangeAlert } from './change-alert';
import { MeasureAlerts } from './measure-alerts';
import { RaiseAgainWhenNobodyAcknowledges } from './raise-again-when-nobody-acknowledges';
import { RaiseTestAlert } from './raise-test-alert';
import { RemoveOldSigns } from './remove-old-signs';
import { SignLog } from './sign-log';
import { WhoseAlerts } from './whose-alerts';

@Module({
  imports: [alertRelayDatabase, ProductsModule],
  controllers: [AlertsController, ApplyPressWhenAlertIsAcknowledged],
  providers: [
    ...[AlertRepository, SignLog, RaiseAgainWhenNobodyAcknowledges, AlertTimer, ChangeAlert, ApplySigns],
    MeasureAlerts,
    RaiseTestAlert,
    RemoveOldSigns,
    WhoseAlerts,
  ],
  exports: [AlertRepository, ApplySigns],
})
export class AlertsModule {}
