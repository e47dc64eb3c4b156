import { Module, type OnModuleInit } from '@nestjs/common';
import { Identities } from '@recert/service-kit';
import { registryDatabase } from '../database';
import { HistoryModule } from '../history/history.module';
import { AnnounceTokens } from './announce-tokens';
import { SessionController } from './session.controller';
import { SessionRepository } from './session.repository';
import { AdminLinks, Sessions } from './sessions';
import { TokenRepository } from './token.repository';
import { Tokens } from './tokens';
import { TokensController } from './tokens.controller';

@Module({
  imports: [registryDatabase, HistoryModule],
  controllers: [TokensController, SessionController],
  providers: [TokenRepository, Tokens, AnnounceTokens, SessionRepository, Sessions, AdminLinks],
  exports: [AdminLinks, Tokens],
})
export class AccessModule implements OnModuleInit {
  constructor(
    private readonly identities: Identities,
    private readonly tokens: Tokens,
    private readonly sessions: Sessions,
  ) {}

  onModuleInit(): void {
    this.identities.add(this.tokens);
    this.identities.add(this.sessions);
  }
}
