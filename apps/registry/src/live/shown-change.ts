import {
  AlertAcknowledged,
  AlertRaised,
  AlertResolved,
  KpiMissed,
  KpiReceived,
  LetterKept,
  LetterSettled,
  OwnerResponse,
  PersonChanged,
  PersonLinked,
  ProcessCertified,
  ProcessDue,
  ProcessOverdue,
  ProcessRegistered,
  ProcessRetired,
  ProductRegistered,
  ReleaseReported,
  ReviewRequested,
  SubscriptionDisabled,
  TaskDown,
  TaskRecovered,
  TaskRegistered,
  TaskReported,
} from '@recert/contracts';

/** What a browser is told of an event: that something of this id is not as it was. What it is now, it fetches. */
export interface ShownChange {
  readonly subject: string;
  /** Of the process, alert, product, person, task, release, dead letter or subscription. */
  readonly id: string;
  /** When the fact was committed, ISO 8601. */
  readonly at: string;
}

/**
 * The field that says whose change it is. What is not here is never shown: logins, sessions and tokens, wishes, and what
 * the bus says of itself.
 */
const ID_FIELDS: ReadonlyMap<string, string> = new Map([
  ...[
    ProcessRegistered,
    ProcessRetired,
    ReviewRequested,
    ProcessDue,
    ProcessOverdue,
    OwnerResponse,
    ProcessCertified,
  ].map(({ subject }) => [subject, 'processId'] as const),
  ...[AlertRaised, AlertResolved, AlertAcknowledged].map(({ subject }) => [subject, 'alertId'] as const),
  ...[ProductRegistered, KpiReceived, KpiMissed].map(({ subject }) => [subject, 'productId'] as const),
  ...[PersonChanged, PersonLinked].map(({ subject }) => [subject, 'handle'] as const),
  ...[TaskRegistered, TaskReported, TaskDown, TaskRecovered].map(({ subject }) => [subject, 'taskId'] as const),
  ...[LetterKept, LetterSettled].map(({ subject }) => [subject, 'letterId'] as const),
  [ReleaseReported.subject, 'releaseId'],
  [SubscriptionDisabled.subject, 'subscriptionId'],
]);
const LONGEST_ID = 200;

/** @returns null for what is not shown, and for a message that is no event of ours */
export function shownChange(subject: string, time: string | undefined, payload: Buffer): ShownChange | null {
  const field = ID_FIELDS.get(subject);
  if (field === undefined || time === undefined || !Number.isFinite(Date.parse(time))) return null;
  try {
    const id = (JSON.parse(payload.toString()) as Readonly<Record<string, unknown>> | null)?.[field];
    if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID) return null;
    return { subject, id, at: new Date(time).toISOString() };
  } catch {
    return null;
  }
}
