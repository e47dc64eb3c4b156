import { Module, type OnModuleInit } from '@nestjs/common';
import { Identities, TellTokenUses } from '@recert/service-kit';
import { registryDatabase } from '../database';
import { HistoryModule } from '../history/history.module';
import { PersonStoreModule } from '../people/person-store.module';
import { AnnounceSessions } from './announce-sessions';
import { AnnounceTokens } from './announce-tokens';
import { LogIn } from './log-in';
import { LoginCodeRepository } from './login-code.repository';
import { NoteLoginWhenItIsOffered } from './note-login-when-it-is-offered';
import { NoteUseWhenTokenIsUsed } from './note-use-when-token-is-used';
import { SessionController } from './session.controller';
import { SessionRepository } from './session.repository';
import { AdminLinks, Sessions } from './sessions';
import { SessionsController } from './sessions.controller';
import { TokenRepository } from './token.repository';
import { Tokens } from './tokens';
import { TokensController } from './tokens.controller';

const tokens = [TokenRepository, TellTokenUses, Tokens, AnnounceTokens];
const sessions = [SessionRepository, LoginCodeRepository, Sessions, LogIn, AdminLinks, AnnounceSessions];

@Module({
  imports: [registryDatabase, HistoryModule, PersonStoreModule],
  controllers: [
    TokensController,
    SessionController,
    SessionsController,
    NoteLoginWhenItIsOffered,
    NoteUseWhenTokenIsUsed,
  ],
  providers: [...tokens, ...sessions],
  exports: [AdminLinks, Sessions, Tokens],
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
