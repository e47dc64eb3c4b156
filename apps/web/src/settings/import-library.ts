import { answerOf, api, ProblemError, type Schema } from '../api/client';
import { useChange } from '../api/use-change';
import { mistakesOf, type Mistake } from './mistakes';

/** What is imported: one configured source, a text, or without either every configured source. */
export interface ImportOrder {
  readonly source?: string;
  readonly text?: string;
}

/** Why a library was not taken, with every place of it that has to be mended. */
export class LibraryRefused extends ProblemError {
  constructor(
    { status, message, fields }: ProblemError,
    readonly mistakes: readonly Mistake[],
  ) {
    super(status, message, fields);
  }
}

interface Try {
  /** Under which its progress is heard of. */
  readonly watch: string;
  readonly order: ImportOrder;
  readonly dryRun: boolean;
}

/** Imports, or only says what an import would change. */
export function useImport() {
  return useChange({
    change: ({ order, ...how }: Try): Promise<Schema<'ImportReport'>> => importLibrary({ ...order, ...how }),
    done: null,
    touches: ['library', 'processes', 'process', 'people', 'inbox', 'rounds'],
    showsProblems: true,
  });
}

async function importLibrary(body: ImportOrder & Omit<Try, 'order'>): Promise<Schema<'ImportReport'>> {
  const call = api.POST('/api/library/import', { body });
  try {
    return await answerOf(call);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status === 0) throw error;
    throw new LibraryRefused(error, mistakesOf((await call).error));
  }
}
