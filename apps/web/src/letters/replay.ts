import { answerOf, api, type Schema } from '../api/client';
import { useChange } from '../api/use-change';
import { type LetterFilters } from './letter-filters';

/** Whatever failed may have been about anything. */
const TOUCHES = [
  'letters',
  'processes',
  'process',
  'people',
  'products',
  'kpis',
  'alerts',
  'messages',
  'inbox',
  'tasks',
];

/** Handles one again, and says what became of it. */
export function useReplay(id: string) {
  return useChange<void, Schema<'ReplayView'>>({
    change: () => answerOf(api.POST('/api/dead-letters/{id}/replay', { params: { path: { id } } })),
    done: outcomeText,
    touches: TOUCHES,
  });
}

/** Has all open ones of a filter handled again; what becomes of each shows in the list as it happens. */
export function useReplayAll({ state: _, ...filter }: LetterFilters) {
  return useChange<void, Schema<'ReplaysView'>>({
    change: () => answerOf(api.POST('/api/dead-letters/replay', { body: filter })),
    done: askedText,
    touches: TOUCHES,
  });
}

export function outcomeText({ state, reason }: Schema<'ReplayView'>): string {
  if (state === 'replayed') return 'It is handled now.';
  return state === 'asked' ? `It is asked for: ${reason ?? ''}` : `It is still not handled: ${reason ?? ''}`;
}

export function askedText({ asked, more }: Schema<'ReplaysView'>): string {
  if (asked === 0) return 'There was none to handle.';
  const are = asked === 1 ? '1 is' : `${asked} are`;
  return `${are} being handled again${more ? '; there are more: press once more' : ''}.`;
}
