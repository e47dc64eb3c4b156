import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { LibraryModule } from '../library/library.module';
import { ProductStoreModule } from '../products/product-store.module';
import { GithubHook } from './github.hook';
import { ImportPushedLibraries } from './import-pushed-libraries';
import { NoteRelease } from './note-release';
import { ReleaseRepository } from './release.repository';
import { ReleasesController } from './releases.controller';

@Module({
  imports: [registryDatabase, LibraryModule, ProductStoreModule],
  controllers: [ReleasesController],
  providers: [ReleaseRepository, NoteRelease, ImportPushedLibraries, GithubHook],
  exports: [NoteRelease, GithubHook],
})
export class ReleasesModule {}
