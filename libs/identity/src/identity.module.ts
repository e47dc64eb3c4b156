import { type DynamicModule, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { EventServer } from '@recert/bus';
import { SessionChanged, TokenChanged } from '@recert/contracts';
import { Identities, TellTokenUses } from '@recert/service-kit';
import { KnownSessions } from './sessions/known-sessions';
import { RemoveExpiredSessions } from './sessions/remove-expired-sessions';
import { SessionRepository } from './sessions/session.repository';
import { KnownTokens } from './tokens/known-tokens';
import { TokenRepository } from './tokens/token.repository';

/** Whose question is answered already: the services of one process hear the same, so that one of them is enough. */
const answered = new WeakSet<Identities>();

/** The tokens and sessions that a service knows by itself. Make it a constant and import that. */
@Module({})
export class IdentityModule implements OnApplicationBootstrap {
  constructor(
    private readonly identities: Identities,
    private readonly events: EventServer,
    private readonly tokens: KnownTokens,
    private readonly sessions: KnownSessions,
  ) {}

  /** @param database the service's own, with `identityMigrations` */
  static on(database: DynamicModule): DynamicModule {
    return {
      module: IdentityModule,
      imports: [database],
      providers: [
        ...[TokenRepository, TellTokenUses, KnownTokens],
        ...[SessionRepository, KnownSessions, RemoveExpiredSessions],
      ],
      exports: [KnownTokens, KnownSessions],
    };
  }

  onApplicationBootstrap(): void {
    if (this.hasRegistry() || answered.has(this.identities)) return;
    answered.add(this.identities);
    this.identities.add(this.tokens);
    this.identities.add(this.sessions);
  }

  /** Where the registry is in the same process, it answers itself: what it does not know, nobody was told of. */
  private hasRegistry(): boolean {
    const tellers = [...TokenChanged.publishers, ...SessionChanged.publishers];
    return tellers.some((service) => this.events.relay(service) !== undefined);
  }
}
