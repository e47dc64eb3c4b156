/** What a figure must be. */
export type Bound = { readonly exactly: number } | { readonly most: number } | { readonly least: number };

export function isWithin(figure: number, bound: Bound): boolean {
  if ('exactly' in bound) return figure === bound.exactly;
  // Written so that a figure that is no number is within nothing.
  return 'most' in bound ? figure <= bound.most : figure >= bound.least;
}

export function describeBound(bound: Bound): string {
  if ('exactly' in bound) return String(bound.exactly);
  return 'most' in bound ? `at most ${bound.most}` : `at least ${bound.least}`;
}
