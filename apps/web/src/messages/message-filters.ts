import { type Schema } from '../api/client';

export type MessageState = Schema<'MessageView'>['state'];

export const STATES = ['failed', 'waiting', 'sending', 'sent', 'withdrawn'] as const satisfies readonly MessageState[];

/** Which messages are shown, as it stands in the address and as the API takes it. */
export interface MessageFilters {
  readonly state?: MessageState;
  readonly to?: string;
}

/** Reads an address; what makes no sense there is as if it were not there. */
export function messageFiltersOf(params: URLSearchParams): MessageFilters {
  const state = STATES.find((one) => one === params.get('state'));
  const to = params.get('to')?.trim() || undefined;
  return { ...(state === undefined ? {} : { state }), ...(to === undefined ? {} : { to }) };
}
