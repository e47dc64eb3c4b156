import { type Schema } from '../api/client';

/** What tells how far a new organisation is. */
export interface Known {
  readonly summary: Pick<Schema<'ProcessSummary'>, 'total' | 'documented' | 'unowned' | 'byStatus'>;
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
  const { total, documented, unowned, byStatus } = summary;
  const isReached = people.some(({ telegram }) => telegram.linked) || sessions.some(({ handle }) => handle !== null);
  const asked = ASKED.some((status) => (byStatus[status] ?? 0) > 0);
  return [
    { id: 'library', isDone: total > 0 },
    { id: 'owners', isDone: unowned < documented },
    { id: 'people', isDone: isReached },
    { id: 'question', isDone: asked },
  ];
}
