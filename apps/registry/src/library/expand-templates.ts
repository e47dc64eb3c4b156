import { EVERY_PRODUCT, type Process } from '../processes/process';
import { type Product } from '../products/product';
import { type ParsedProcess } from './parsed-library';
import { productProcessId } from './parse-slug';

/** A process of a library as it was read, or as it is known from the last time it was. */
export interface ReadProcess extends ParsedProcess {
  /** Its place in the library, where that is not its place in this list. */
  readonly position?: number;
}

/** A library as it was read now. */
export interface ReadLibrary {
  /** The entry of LIBRARY without secrets, or `upload`. */
  readonly source: string;
  readonly processes: readonly ReadProcess[];
}

/** A process as it is to be registered: one of the library, or a product's own of a record that every product has. */
export interface ListedProcess extends Omit<ParsedProcess, 'product'> {
  /** As in `Process`. */
  readonly product: string | null;
  readonly position: number;
}

export interface ListedLibrary {
  readonly source: string;
  readonly processes: readonly ListedProcess[];
}

/**
 * The libraries with a process for each active product behind every record that each product has. A product's process
 * keeps its id whatever comes later; a new one takes the id that nothing else has.
 * @param existing every process there is, by id
 */
export function expandTemplates(
  libraries: readonly ReadLibrary[],
  products: readonly Product[],
  existing: ReadonlyMap<string, Process>,
): ListedLibrary[] {
  const active = products.filter((product) => product.active);
  const claimed = new Set(libraries.flatMap((library) => library.processes.map((process) => process.id)));
  const idFor = (product: Product, template: ParsedProcess): string => {
    const id = productProcessId(product.id, template.id, (candidate) => {
      const holder = existing.get(candidate);
      return holder === undefined ? claimed.has(candidate) : holder.product !== product.id;
    });
    claimed.add(id);
    return id;
  };
  return libraries.map(({ source, processes }) => ({
    source,
    processes: processes.flatMap((process, index) => {
      const listed: ListedProcess = { ...process, position: process.position ?? index };
      if (process.product !== EVERY_PRODUCT) return listed;
      return [listed, ...active.map((product) => ofProduct(listed, product, idFor(product, process)))];
    }),
  }));
}

/** The record is the same for all; whose it is, the product says. */
function ofProduct(template: ListedProcess, { id: product, name, owner, admins }: Product, id: string): ListedProcess {
  const others = template.deputy === null ? admins : [...admins, template.deputy];
  const deputy = others.find((handle) => handle !== owner) ?? null;
  return { ...template, id, product, owner, deputy, name: `${name}: ${template.name}` };
}
