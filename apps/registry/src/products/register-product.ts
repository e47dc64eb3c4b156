import { Inject, Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type ProductBody } from '@recert/contracts';
import { Clock, KIT_CONFIG, type KitConfig } from '@recert/service-kit';
import { Tokens, type NewToken } from '../access/tokens';
import { inImportTurn } from '../library/import-turn';
import { PersonRepository } from '../people/person.repository';
import { checkPeople, idOf, weekOf } from './check-product';
import { scopesOf, type Product } from './product';
import { DEFAULT_DUE_BY } from './product-week';
import { ProductWriter } from './write-product';

export interface RegisteredProduct {
  readonly product: Product;
  readonly token: NewToken;
}

/** Makes a product, its token and its own processes of the records that every product has. */
@Injectable()
export class RegisterProduct {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly people: PersonRepository,
    private readonly writer: ProductWriter,
    private readonly tokens: Tokens,
    private readonly clock: Clock,
    @Inject(KIT_CONFIG) private readonly config: KitConfig,
  ) {}

  /** @throws UserError 409 when its id is taken, 422 for what cannot be made an id, a person or a week */
  async register(body: ProductBody, by: string): Promise<RegisteredProduct> {
    const after = this.product(body);
    return inImportTurn(this.database, async (tx) => {
      await checkPeople(this.people, tx.db, after);
      const { id } = after;
      const reason = { at: this.clock.now(), by, cause: `product ${id} was registered`, source: 'http' };
      const token = await this.tokens.make(tx, { name: id, scopes: scopesOf(id), product: id }, by);
      const product = await this.writer.write(tx, { before: null, after, reason }, token.entries);
      return { product, token };
    });
  }

  private product(body: ProductBody): Product {
    const { name, owner, admins, url, repository, sentryProject } = body;
    return {
      ...{ id: idOf(body), version: 0, name, owner, admins: [...new Set(admins)], active: true },
      url: url ?? null,
      repository: repository ?? null,
      sentryProject: sentryProject ?? null,
      week: weekOf(body.week, { timezone: this.config.ORG_TIMEZONE, dueBy: DEFAULT_DUE_BY }),
    };
  }
}
