import { type DynamicModule, Module } from '@nestjs/common';
import { KnownTokens } from './known-tokens';
import { TokenRepository } from './token.repository';

/** The tokens that a service knows. Make it a constant and import that. */
@Module({})
export class KnownTokensModule {
  /** @param database the service's own, with `intakeMigrations` */
  static on(database: DynamicModule): DynamicModule {
    return {
      module: KnownTokensModule,
      imports: [database],
      providers: [TokenRepository, KnownTokens],
      exports: [KnownTokens],
    };
  }
}
