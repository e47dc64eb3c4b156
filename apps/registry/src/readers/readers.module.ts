import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { HistoryModule } from '../history/history.module';
import { PersonStoreModule } from '../people/person-store.module';
import { ProcessesModule } from '../processes/processes.module';
import { PublishProcess } from './publish-process';
import { ReadPublicPage } from './read-public-page';
import { ReaderRepository } from './reader.repository';
import { ReadersController } from './readers.controller';
import { ReportOutdated } from './report-outdated';

@Module({
  imports: [registryDatabase, HistoryModule, PersonStoreModule, ProcessesModule],
  controllers: [ReadersController],
  providers: [ReaderRepository, PublishProcess, ReadPublicPage, ReportOutdated],
})
export class ReadersModule {}
