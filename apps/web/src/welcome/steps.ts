import { type Schema } from '../api/client';

/** What tells how far a new organisation is. */
export interface Known {
  readonly summary: Pick<Schema<'ProcessSummary'>, 'total' | 'owners' | 'byStatus'>;
  readonly people: readonly Pick<Schema<'PersonView'>, 'telegram'>[];
  readonly sessions: readonly Pick<Schema<'SessionView'>, 'handle'>[];
}

export type StepId = 'library' | 'owners' | 'people' | 'question';

export interface Step {
  readonly id: StepId;
  readonly isDone: boolean;
}

/** What a process is only after its owner was asked. */
const ASKED = ['due', 'updating', 'overdue', 'certified'] as const;

/** The way from nothing to the first question, in its order; a later step may be done before an earlier one. */
export function stepsOf({ summary, people, sessions }: Known): readonly Step[] {
  const { total, owners, byStatus } = summary;
  const isOwned = owners.length > 0;
  const isReached = people.some(({ telegram }) => telegram.linked) || sessions.some(({ handle }) => handle !== null);
  // A review of what nobody owns is opened, too, but nobody is asked.
  const asked = ASKED.some((status) => (byStatus[status] ?? 0) > 0);
  return [
    { id: 'library', isDone: total > 0 },
    { id: 'owners', isDone: isOwned },
    { id: 'people', isDone: isReached },
    { id: 'question', isDone: isOwned && asked },
  ];
}
