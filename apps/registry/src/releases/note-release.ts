import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { REGISTRY_CONFIG, type RegistryConfig } from '../config';
import { type Product } from '../products/product';
import { ProductRepository } from '../products/product.repository';
import { hear, type ReleaseWord } from './release';
import { ReleaseRepository } from './release.repository';
import { repositoryOf } from './repository-name';

/** Writes down what is said of a release, as evidence of the process that is about it, and announces it. */
@Injectable()
export class NoteRelease {
  constructor(
    private readonly products: ProductRepository,
    private readonly releases: ReleaseRepository,
    @Inject(REGISTRY_CONFIG) private readonly config: RegistryConfig,
  ) {}

  /** @returns how many products it is a release of; what belongs to none is kept where its sender gave it a name of ours */
  async note(tx: Tx, word: ReleaseWord): Promise<number> {
    const released = releasedBy(word, await this.products.all(tx.db));
    for (const product of released) await this.noteFor(tx, word, product);
    return released.length;
  }

  /** What is no product of ours, such as a service of this installation. */
  async noteUnderItsName(tx: Tx, word: ReleaseWord): Promise<void> {
    await this.noteFor(tx, word, null);
  }

  private async noteFor(tx: Tx, word: ReleaseWord, product: Product | null): Promise<void> {
    const id = product === null ? word.key : `${word.key} ${product.id}`;
    const productId = product?.id ?? null;
    const processId =
      productId === null ? null : await this.releases.processOf(tx, productId, this.config.RELEASE_PROCESS);
    const before = await this.releases.lock(tx, id);
    const placed = { id, productId, processId, name: product?.name ?? word.name };
    const after = hear(before, word, placed);
    if (after !== null) await this.releases.save(tx, after);
  }
}

/**
 * Whose release it is: of the product that the sender names, else of those that live in the repository. Where several
 * share one, the environment may name which of them it is.
 */
export function releasedBy(
  { productId, repository, environment }: ReleaseWord,
  products: readonly Product[],
): readonly Product[] {
  const active = products.filter((product) => product.active);
  if (productId !== null) return active.filter(({ id }) => id === productId);
  const where = repository === null ? null : repositoryOf(repository);
  if (where === null) return [];
  const there = active.filter((product) => product.repository !== null && repositoryOf(product.repository) === where);
  const words = (environment ?? '').toLowerCase().split(/[^a-z0-9]+/);
  const named = there.filter(({ id }) => words.includes(id));
  return named.length > 0 ? named : there;
}
