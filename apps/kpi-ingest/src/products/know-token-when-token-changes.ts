import { Controller } from '@nestjs/common';
import { type Delivery, done, OnEvent, type Outcome } from '@recert/bus';
import { TokenChanged } from '@recert/contracts';
import { KnownTokens } from '@recert/intake';

@Controller()
export class KnowTokenWhenTokenChanges {
  constructor(private readonly tokens: KnownTokens) {}

  @OnEvent(TokenChanged, { durable: 'kpi-ingest.know-token-when-token-changes' })
  async handle(changed: TokenChanged, { tx }: Delivery): Promise<Outcome> {
    await this.tokens.learn(tx, changed);
    return done;
  }
}
