import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { HistoryModule } from '../history/history.module';
import { AuditController } from './audit.controller';
import { VerifyHistory } from './verify-history';

@Module({ imports: [registryDatabase, HistoryModule], controllers: [AuditController], providers: [VerifyHistory] })
export class AuditModule {}
