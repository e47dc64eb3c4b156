import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { HistoryRepository } from './history.repository';

@Module({ imports: [registryDatabase], providers: [HistoryRepository], exports: [HistoryRepository] })
export class HistoryModule {}
