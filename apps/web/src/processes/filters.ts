import { useAddress } from '../shell/use-address';

const STATUSES = ['uncertified', 'due', 'updating', 'overdue', 'certified', 'retired'] as const;
export const SORTS = [
  'library',
  'name',
  'section',
  'owner',
  'status',
  'certificationDate',
  'triggerPeriod',
  'nextDueAt',
] as const;

export type Status = (typeof STATUSES)[number];
export type Sort = (typeof SORTS)[number];

/** What of the list is shown, and in which order: as it stands in the address, and as the API takes it. */
export interface Filters {
  readonly q?: string;
  readonly status?: Status;
  readonly owner?: string;
  readonly section?: string;
  readonly product?: string;
  readonly documented?: 'true' | 'false';
  readonly owned?: 'true' | 'false';
  readonly sort?: Sort;
  readonly order?: 'asc' | 'desc';
}

const oneOf = <T extends string>(all: readonly T[], text: string | null): T | undefined =>
  all.find((one) => one === text);

/** Reads an address; what makes no sense there is as if it were not there. */
export function filtersOf(params: URLSearchParams): Filters {
  const text = (name: string): string | undefined => params.get(name)?.trim() || undefined;
  const yesOrNo = (name: string) => oneOf(['true', 'false'] as const, params.get(name));
  const found = {
    q: text('q'),
    status: oneOf(STATUSES, params.get('status')),
    owner: text('owner'),
    section: text('section'),
    product: text('product'),
    documented: yesOrNo('documented'),
    owned: yesOrNo('owned'),
    sort: oneOf(SORTS, params.get('sort')),
    order: oneOf(['asc', 'desc'] as const, params.get('order')),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** The filters of the address, and how to change some of them: null takes one away. */
export function useFilters(): [Filters, (changes: { [Name in keyof Filters]: Filters[Name] | null }) => void] {
  const [params, change] = useAddress();
  return [filtersOf(params), change];
}
