import { useAddress } from '../shell/use-address';

const SEVERITIES = ['critical', 'warning', 'info'] as const;
/** Everything that alerts may come from; `test` are those that somebody raises here. */
export const SOURCES = ['sentry', 'alertmanager', 'grafana', 'uptime-kuma', 'generic', 'test'];

export type Severity = (typeof SEVERITIES)[number];

/** Which alerts are shown, as it stands in the address. */
export interface AlertFilters {
  readonly show: 'open' | 'past';
  readonly product?: string;
  readonly source?: string;
  readonly severity?: Severity;
}

/** Reads an address; what makes no sense there is as if it were not there. */
export function alertFiltersOf(params: URLSearchParams): AlertFilters {
  const text = (name: string): string | undefined => params.get(name)?.trim() || undefined;
  const product = text('product');
  const source = text('source');
  const severity = SEVERITIES.find((one) => one === params.get('severity'));
  return {
    show: params.get('show') === 'past' ? 'past' : 'open',
    ...(product === undefined ? {} : { product }),
    ...(source === undefined ? {} : { source }),
    ...(severity === undefined ? {} : { severity }),
  };
}

/** What the API is asked for. */
export function alertQueryOf({ show, ...filters }: AlertFilters) {
  return {
    ...filters,
    ...(show === 'open' ? ({ status: 'open', first: 'critical' } as const) : ({ status: 'resolved' } as const)),
  };
}

/** The filters of the address, and how to change some of them. */
export function useAlertFilters() {
  const [params, change] = useAddress();
  return [alertFiltersOf(params), change] as const;
}
