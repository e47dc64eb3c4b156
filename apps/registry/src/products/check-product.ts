import { type ProductBody } from '@recert/contracts';
import { timezone as zone, UserError } from '@recert/service-kit';
import { type EntityManager } from 'typeorm';
import { EVERY_PRODUCT } from '../processes/process';
import { type PersonRepository } from '../people/person.repository';
import { productIdOf, type Product } from './product';
import { parseDueBy } from './product-week';

/** @throws UserError 422 when no id can be made of the name, or the id has another meaning */
export function idOf({ id, name }: Pick<ProductBody, 'id' | 'name'>): string {
  const made = id ?? productIdOf(name);
  if (made === null) {
    throw UserError.invalid('id', `no address can be made of "${name}": give an id of a-z, 0-9 and dashes`);
  }
  if (made === EVERY_PRODUCT) {
    throw UserError.invalid('id', `"${EVERY_PRODUCT}" stands for every product: give another id`);
  }
  return made;
}

/** The week with what is given of it. @throws UserError 422 for a zone or a day and time that there is not */
export function weekOf({ timezone, dueBy }: ProductBody['week'], known: Product['week']): Product['week'] {
  if (timezone !== undefined && !(/^[a-z]/i.test(timezone) && zone.safeParse(timezone).success)) {
    throw UserError.invalid('week.timezone', `"${timezone}" is no IANA zone: write for example Europe/Berlin`);
  }
  const parsed = parseDueBy(dueBy ?? known.dueBy);
  if (!parsed.ok) throw UserError.invalid('week.dueBy', parsed.reason);
  return { timezone: timezone ?? known.timezone, dueBy: parsed.dueBy };
}

/** @throws UserError 422 for an owner or admin who is nobody or deactivated */
export async function checkPeople(
  people: PersonRepository,
  db: EntityManager,
  { owner, admins = [] }: { readonly owner?: string | undefined; readonly admins?: readonly string[] | undefined },
): Promise<void> {
  await people.mustBeActive(db, 'owner', owner);
  for (const admin of admins) await people.mustBeActive(db, 'admins', admin);
}
