import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { LiveModule } from '../live/live.module';
import { PersonStoreModule } from '../people/person-store.module';
import { ProcessesModule } from '../processes/processes.module';
import { ProductStoreModule } from '../products/product-store.module';
import { ConfiguredLibraries } from './configured-libraries';
import { ImportLibrary } from './import-library';
import { LibraryController } from './library.controller';
import { LibraryRepository } from './library.repository';
import { ListSources } from './list-sources';
import { LibraryReader } from './read-libraries';

@Module({
  imports: [registryDatabase, LiveModule, ProcessesModule, ProductStoreModule, PersonStoreModule],
  controllers: [LibraryController],
  providers: [LibraryReader, LibraryRepository, ImportLibrary, ConfiguredLibraries, ListSources],
  exports: [ConfiguredLibraries, LibraryReader],
})
export class LibraryModule {}
