import { ProcessRegistered } from '@recert/contracts';

/** A certified process that will be due on `dueAt`, as the registry publishes it; examples for tests and benchmarks. */
export function certifiedUntil(dueAt: string, changes: Partial<ProcessRegistered> = {}): ProcessRegistered {
  return {
    ...ProcessRegistered.example,
    processId: 'hiring-evaluate-candidates',
    version: 1,
    name: 'evaluate candidates',
    status: 'certified',
    certificationDate: '2025-01-05T09:00:00.000Z',
    nextDueAt: dueAt,
    review: null,
    lastResponse: null,
    ...changes,
  };
}

/** The same process after the registry heard that a review was opened. */
export function underReview(
  review: { readonly id: string; readonly openedAt: string } & Partial<NonNullable<ProcessRegistered['review']>>,
  changes: Partial<ProcessRegistered> = {},
): ProcessRegistered {
  const shown = {
    open: true,
    reason: 'period-over',
    reminder: 0,
    snoozedUntil: null,
    disownedBy: null,
    ...review,
  } as const;
  return {
    ...certifiedUntil('2026-01-05T09:00:00.000Z'),
    version: 2,
    status: 'due',
    nextDueAt: null,
    review: shown,
    ...changes,
  };
}
