import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { ProblemError } from './client';

/** How a change is made, and what is said when it is done. */
export interface Change<Input, Output> {
  readonly change: (input: Input) => Promise<Output>;
  /** Null where the page itself shows what happened. */
  readonly done: ((output: Output, input: Input) => string) | null;
  /** First words of the queries that show something else now. */
  readonly touches: readonly string[];
  /** Where the page shows what went wrong beside its fields, it is not said again above. */
  readonly showsProblems?: boolean;
}

/** Changes something on the server, says what came of it, and fetches again what it touched. */
export function useChange<Input, Output>(change: Change<Input, Output>): UseMutationResult<Output, Error, Input> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change.change,
    onSuccess: (output, input) => {
      if (change.done !== null) notifications.show({ color: 'teal', message: change.done(output, input) });
      for (const name of change.touches) void queries.invalidateQueries({ queryKey: [name] });
    },
    onError: (error) => {
      const isShown = change.showsProblems === true && error instanceof ProblemError && error.status < 500;
      if (!isShown) notifications.show({ color: 'red', title: 'Nothing was changed', message: error.message });
    },
  });
}
