import { Module } from '@nestjs/common';
import { notifierDatabase } from '../database';
import { ReachRepository } from './reach.repository';

@Module({ imports: [notifierDatabase], providers: [ReachRepository], exports: [ReachRepository] })
export class ReachModule {}
