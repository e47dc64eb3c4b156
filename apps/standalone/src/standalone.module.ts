import { Module } from '@nestjs/common';
import { ConsoleController, ConsoleFiles } from './console/console.controller';

@Module({ controllers: [ConsoleController], providers: [ConsoleFiles] })
export class StandaloneModule {}
