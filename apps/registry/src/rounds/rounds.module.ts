import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { RoundRepository } from './round.repository';
import { RoundsController } from './rounds.controller';

@Module({ imports: [registryDatabase], controllers: [RoundsController], providers: [RoundRepository] })
export class RoundsModule {}
