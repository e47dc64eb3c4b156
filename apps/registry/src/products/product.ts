import { type ProductPatch, type ProductRegistered, type ProductView } from '@recert/contracts';
import { type HistoryEntry } from '../history/history-chain';
import { slug } from '../library/parse-slug';

/** Something that the organisation runs and that sends its KPIs and alerts here. */
export interface Product {
  readonly id: string;
  /** Grows by one with every change; 0 before the first. */
  readonly version: number;
  readonly name: string;
  /** Handles. */
  readonly owner: string;
  readonly admins: readonly string[];
  readonly url: string | null;
  readonly repository: string | null;
  readonly sentryProject: string | null;
  /** An IANA zone, and a day and time there as `mon 12:00`. */
  readonly week: { readonly timezone: string; readonly dueBy: string };
  readonly active: boolean;
}

const LONGEST_ID = 60;

/** The slug of a name, at most 60 characters; null for a name without any letter or digit of the Latin alphabet. */
export function productIdOf(name: string): string | null {
  if (!/[a-z0-9]/i.test(name.normalize('NFKD'))) return null;
  return slug(name).slice(0, LONGEST_ID).replace(/-+$/, '');
}

/** What the token of a product opens. */
export function scopesOf(productId: string): string[] {
  return [
    `kpi:${productId}`,
    ...['generic', 'alertmanager', 'grafana', 'uptime-kuma'].map((source) => `alerts:${source}`),
  ];
}

/** @param base the address under which this service is reached, without a slash at its end */
export function toProductView(product: Product, base: string): ProductView {
  const hooks = {
    kpi: `${base}/hooks/kpi/${product.id}`,
    alerts: `${base}/hooks/alerts/generic`,
    sentry: `${base}/hooks/sentry`,
  };
  return { ...product, admins: [...product.admins], week: { ...product.week }, hooks };
}

export function toProductRegistered({ id: productId, ...product }: Product): ProductRegistered {
  return { productId, ...product, admins: [...product.admins] };
}

/** The product with the fields that a patch names. @param week as it is after the patch */
export function patched(product: Product, patch: ProductPatch, week: Product['week']): Product {
  const { name, owner, admins, url, repository, sentryProject, active } = patch;
  return {
    ...product,
    name: name ?? product.name,
    owner: owner ?? product.owner,
    admins: [...new Set(admins ?? product.admins)],
    url: url === undefined ? product.url : url,
    repository: repository === undefined ? product.repository : repository,
    sentryProject: sentryProject === undefined ? product.sentryProject : sentryProject,
    active: active ?? product.active,
    week,
  };
}

/** The product after a person has left: the heir owns it, and its admins are the others. */
export function handedOver(product: Product, leaver: string, heir: string | null): Product {
  return {
    ...product,
    owner: product.owner === leaver && heir !== null ? heir : product.owner,
    admins: product.admins.filter((admin) => admin !== leaver),
  };
}

/** Equal as long as products mean the same for the processes that each of them has. */
export function meaningForProcesses(products: readonly Product[]): string {
  const active = products.filter((product) => product.active);
  return JSON.stringify(active.map(({ id, name, owner, admins }) => [id, name, owner, admins]));
}

/** The rows that a change of a product leaves in the history: one for each field, of a new one each that is set. */
export function historyOfProduct(
  before: Product | null,
  after: Product,
  reason: Pick<HistoryEntry, 'at' | 'by' | 'cause' | 'source'>,
): HistoryEntry[] {
  const { at, by, cause, source } = reason;
  const was = before && tracked(before);
  return Object.entries(tracked(after)).flatMap(([field, now]) => {
    const old = was?.[field] ?? null;
    if (old === now) return [];
    const row = { at, by, cause, source, processId: null, person: null };
    return [{ ...row, field: `product ${after.id} ${field}`, old, new: now }];
  });
}

function tracked(product: Product): Readonly<Record<string, string | null>> {
  return {
    name: product.name,
    owner: product.owner,
    admins: product.admins.length === 0 ? null : product.admins.join(' '),
    url: product.url,
    repository: product.repository,
    sentryProject: product.sentryProject,
    timezone: product.week.timezone,
    dueBy: product.week.dueBy,
    active: String(product.active),
  };
}
