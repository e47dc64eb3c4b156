import { Controller } from '@nestjs/common';
import { type Delivery, done, OnEvent, type Outcome } from '@recert/bus';
import { TokenChanged } from '@recert/contracts';
import { KnownTokens } from '@recert/identity';

/** Keeps who may come in by a token. */
@Controller()
export class KnowTokenWhenTokenChanges {
  constructor(private readonly tokens: KnownTokens) {}

  @OnEvent(TokenChanged, { durable: 'notifier.know-token-when-token-changes' })
  async handle(token: TokenChanged, { tx }: Delivery): Promise<Outcome> {
    await this.tokens.learn(tx, token);
    return done;
  }
}
