import { Module } from '@nestjs/common';
import { ProcessRepository } from './process.repository';

@Module({ providers: [ProcessRepository], exports: [ProcessRepository] })
export class ProcessesModule {}
