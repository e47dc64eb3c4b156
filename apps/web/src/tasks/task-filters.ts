/** Which tasks are shown, as it stands in the address and as the API takes it. */
export interface TaskFilters {
  readonly state?: 'up' | 'down' | 'off';
  readonly service?: string;
  readonly q?: string;
}

const STATES = ['up', 'down', 'off'] as const;

/** Reads an address; what makes no sense there is as if it were not there. */
export function taskFiltersOf(params: URLSearchParams): TaskFilters {
  const state = STATES.find((one) => one === params.get('state'));
  const [service, q] = ['service', 'q'].map((name) => params.get(name)?.trim());
  return {
    ...(state === undefined ? {} : { state }),
    ...(service ? { service } : {}),
    ...(q ? { q } : {}),
  };
}
