import { type RunStep } from '@recert/contracts';

type Placed = Pick<RunStep, 'key' | 'kind' | 'name' | 'causeId' | 'by'> & { readonly at: Date };

/**
 * Each step right below the one that it followed from, earlier ones first. What it followed from is the handler that
 * published it where that is known, else the event; a step whose cause is not known here stands at the top.
 */
export function inTreeOrder<S extends Placed>(steps: readonly S[]): { step: S; depth: number }[] {
  const keys = new Set(steps.map(({ key }) => key));
  const below = new Map<string | null, S[]>();
  for (const step of [...steps].sort(compareTimes)) {
    const above = causeOf(step, keys);
    const siblings = below.get(above);
    if (siblings === undefined) below.set(above, [step]);
    else siblings.push(step);
  }
  const ordered: { step: S; depth: number }[] = [];
  const open = (below.get(null) ?? []).map((step) => ({ step, depth: 0 })).reverse();
  const placed = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { step, depth } = next;
    placed.add(step.key);
    ordered.push(next);
    open.push(...(below.get(step.key) ?? []).map((one) => ({ step: one, depth: depth + 1 })).reverse());
  }
  // A circle, which only a foreign publisher can make, is shown all the same.
  const rest = steps.filter(({ key }) => !placed.has(key)).map((step) => ({ step, depth: 0 }));
  return [...ordered, ...rest];
}

function causeOf({ key, kind, causeId, by }: Placed, keys: ReadonlySet<string>): string | null {
  if (causeId === null || causeId === key) return null;
  const handler = `${by} ${causeId}`;
  if (kind !== 'handler' && by !== null && keys.has(handler) && handler !== key) return handler;
  return keys.has(causeId) ? causeId : null;
}

function compareTimes(a: Placed, b: Placed): number {
  return +a.at - +b.at || (a.key < b.key ? -1 : 1);
}
