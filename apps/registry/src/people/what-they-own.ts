/** Names beyond this are only counted. */
const MOST_NAMED = 5;

/** Names of what somebody owns. */
export interface Owned {
  readonly processes: readonly string[];
  readonly products: readonly string[];
}

/** What somebody leaves behind, in words that stand behind "owns"; null when it is nothing. */
export function countOwned({ processes, products }: Owned): string | null {
  const counted = [count('process', 'processes', processes.length), count('product', 'products', products.length)];
  const something = counted.filter((text) => text !== null);
  return something.length === 0 ? null : something.join(' and ');
}

/** @returns the names, such as `mix dough, fire oven and 3 more` */
export function nameOwned({ processes, products }: Owned): string {
  const names = [...processes, ...products];
  const named = names.slice(0, MOST_NAMED);
  const more = names.length - named.length;
  const last = more > 0 ? `${more} more` : named.pop();
  return named.length === 0 ? (last ?? '') : `${named.join(', ')} and ${last}`;
}

function count(one: string, many: string, number: number): string | null {
  return number === 0 ? null : number === 1 ? `a ${one}` : `${number} ${many}`;
}
