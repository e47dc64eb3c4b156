import { Module } from '@nestjs/common';
import { LiveStreams } from './live-streams';
import { LiveController } from './live.controller';

@Module({ controllers: [LiveController], providers: [LiveStreams], exports: [LiveStreams] })
export class LiveModule {}
