import { Module } from '@nestjs/common';
import { KnowSessionWhenSessionChanges } from './know-session-when-session-changes';
import { KnowTokenWhenTokenChanges } from './know-token-when-token-changes';
import { knownIdentities } from './known-identities';

/** Who somebody is, known without asking the registry. */
@Module({
  imports: [knownIdentities],
  controllers: [KnowTokenWhenTokenChanges, KnowSessionWhenSessionChanges],
  exports: [knownIdentities],
})
export class IdentitiesModule {}
