/** Which dead letters are shown, as it stands in the address and as the API takes it. */
export interface LetterFilters {
  readonly state?: 'open' | 'replayed';
  readonly service?: string;
  readonly consumer?: string;
  readonly subject?: string;
}

export const STATES = ['open', 'replayed'] as const;
const NAMES = ['service', 'consumer', 'subject'] as const;

/** Reads an address; what makes no sense there is as if it were not there. Without a state only open ones are shown. */
export function letterFiltersOf(params: URLSearchParams): LetterFilters {
  const given = params.get('state');
  const state = given === 'all' ? undefined : (STATES.find((one) => one === given) ?? 'open');
  const names = NAMES.flatMap((name) => {
    const value = params.get(name)?.trim();
    return value ? [[name, value] as const] : [];
  });
  return { ...(state === undefined ? {} : { state }), ...Object.fromEntries(names) };
}
