import { type HistoryEntry } from './history-chain';

/** What the history says of a change that a restored registry knows from the bus alone: its rows are not there any more. */
export function recalledAt(at: Date): Pick<HistoryEntry, 'at' | 'by' | 'cause' | 'source'> {
  return { at, by: 'recert', cause: 'recalled from the bus after a backup was restored', source: 'restore' };
}
