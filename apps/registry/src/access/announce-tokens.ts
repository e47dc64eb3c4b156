import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { TokenRepository } from './token.repository';

/** At the start, others hear of the tokens that were made before tokens were announced. */
@Injectable()
export class AnnounceTokens implements OnApplicationBootstrap {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly tokens: TokenRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.transaction((tx) => this.tokens.announceMissing(tx));
  }
}
