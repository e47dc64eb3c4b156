/** Which runs are shown, as it stands in the address and as the API takes it. */
export interface RunFilters {
  readonly state?: 'done' | 'retrying' | 'failed';
  readonly name?: string;
  readonly q?: string;
}

export const RUN_STATES = ['done', 'retrying', 'failed'] as const;

/** Reads an address; what makes no sense there is as if it were not there. */
export function runFiltersOf(params: URLSearchParams): RunFilters {
  const state = RUN_STATES.find((one) => one === params.get('state'));
  const [name, q] = ['name', 'q'].map((key) => params.get(key)?.trim());
  return { ...(state === undefined ? {} : { state }), ...(name ? { name } : {}), ...(q ? { q } : {}) };
}

/** How long something took, for people. */
export function tookText(ms: number): string {
  if (ms < 1) return '< 1 ms';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
