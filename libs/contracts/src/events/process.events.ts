import { z } from 'zod';
import { defineEvent, type DataOf } from '../event';
import { answer, channel, handle, instant, processId, processStatus, reviewReason, version } from '../scalars';

/** The review that the registry knows last about a process: open, or closed by an answer. */
export const knownReview = z.object({
  id: z.uuid(),
  open: z.boolean(),
  openedAt: instant,
  reason: reviewReason,
  /** The number of the last reminder that the registry heard of; 0 is the first question. */
  reminder: z.int().min(0),
  /** The owner asked for time: no reminder before this. */
  snoozedUntil: instant.nullable(),
  /** Who said "not mine" on this review, if anybody. */
  disownedBy: handle.nullable(),
});

/** The last answer that reached the registry, taken or refused, so that every channel can show what became of it. */
export const lastResponse = z.object({
  id: z.uuid(),
  reviewId: z.uuid().nullable(),
  answer,
  by: z.string(),
  channel,
  at: instant,
  /** Null when the answer was taken; else the sentence that says why not and what to do. */
  refused: z.string().nullable(),
});

export const ProcessRegistered = defineEvent({
  subject: 'process.registered',
  says: "The process's full present state, on create and on every change; the highest version wins.",
  publishers: ['registry'],
  consumers: ['scheduler', 'notifier'],
  schema: z.object({
    processId,
    version,
    name: z.string(),
    section: z.string().nullable(),
    owner: handle.nullable(),
    deputy: handle.nullable(),
    status: processStatus,
    documented: z.boolean(),
    url: z.string().nullable(),
    product: z.string().nullable(),
    /** ISO 8601 duration. */
    triggerPeriod: z.string(),
    certificationDate: instant.nullable(),
    nextDueAt: instant.nullable(),
    /** Since when the owner is updating the record; null in every other status. */
    updatingSince: instant.nullable(),
    recordHash: z.string().nullable(),
    review: knownReview.nullable(),
    lastResponse: lastResponse.nullable(),
  }),
  example: {
    processId: 'product-maintenance-deploy-product-releases',
    version: 7,
    name: 'deploy product releases',
    section: 'product maintenance',
    owner: 'ada',
    deputy: 'alan',
    status: 'due',
    documented: true,
    url: 'https://example.org/processes.md#deploy-product-releases',
    product: null,
    triggerPeriod: 'P1Y',
    certificationDate: '2025-11-21T09:12:00.000Z',
    nextDueAt: '2026-11-21T09:12:00.000Z',
    updatingSince: null,
    recordHash: '5f2c9a',
    review: {
      id: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10',
      open: true,
      openedAt: '2026-11-21T09:12:00.000Z',
      reason: 'period-over',
      reminder: 0,
      snoozedUntil: null,
      disownedBy: null,
    },
    lastResponse: null,
  },
});
export type ProcessRegistered = DataOf<typeof ProcessRegistered>;

export const ProcessRetired = defineEvent({
  subject: 'process.retired',
  says: 'The record of a process is gone from the library: nobody is asked about it any more.',
  publishers: ['registry'],
  consumers: ['scheduler', 'notifier'],
  schema: z.object({ processId, version, name: z.string(), owner: handle.nullable(), retiredAt: instant }),
  example: {
    processId: 'training-teach-skills',
    version: 3,
    name: 'teach skills',
    owner: 'grace',
    retiredAt: '2026-11-21T09:12:00.000Z',
  },
});
export type ProcessRetired = DataOf<typeof ProcessRetired>;

export const ReviewRequested = defineEvent({
  subject: 'review.requested',
  says: 'Somebody, or something that happened, wants a review of this process now.',
  publishers: ['registry'],
  consumers: ['scheduler'],
  schema: z.object({ processId, version, reason: reviewReason, by: z.string(), at: instant }),
  example: {
    processId: 'product-maintenance-deploy-product-releases',
    version: 7,
    reason: 'record-edited',
    by: 'library',
    at: '2026-11-21T09:12:00.000Z',
  },
});
export type ReviewRequested = DataOf<typeof ReviewRequested>;

/** What the scheduler knows of the process it speaks of, so that the notifier can ask without asking back. */
const subjectOfReview = {
  processId,
  /** Version of the state that the scheduler had seen. */
  version,
  reviewId: z.uuid(),
  openedAt: instant,
  name: z.string(),
  section: z.string().nullable(),
  owner: handle.nullable(),
  deputy: handle.nullable(),
  url: z.string().nullable(),
};

export const ProcessDue = defineEvent({
  subject: 'process.due',
  says: 'A review is opened (reminder 0), or its owner is reminded of it (1, 2, ..).',
  publishers: ['scheduler'],
  consumers: ['registry', 'notifier'],
  schema: z.object({
    ...subjectOfReview,
    reason: reviewReason,
    reminder: z.int().min(0),
    dueAt: instant,
    /** Who or what wanted it asked just now; null where the calendar did. */
    askedBy: z.string().nullable().default(null),
  }),
  example: {
    processId: 'product-maintenance-deploy-product-releases',
    version: 6,
    reviewId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10',
    openedAt: '2026-11-21T09:12:00.000Z',
    name: 'deploy product releases',
    section: 'product maintenance',
    owner: 'ada',
    deputy: 'alan',
    url: 'https://example.org/processes.md#deploy-product-releases',
    reason: 'period-over',
    reminder: 0,
    dueAt: '2026-11-21T09:12:00.000Z',
    askedBy: null,
  },
});
export type ProcessDue = DataOf<typeof ProcessDue>;

export const ProcessOverdue = defineEvent({
  subject: 'process.overdue',
  says: 'Nobody answered in time, or the owner says it is not theirs: it goes to the deputy, then to the admins.',
  publishers: ['scheduler'],
  consumers: ['registry', 'notifier'],
  schema: z.object({
    ...subjectOfReview,
    level: z.enum(['deputy', 'admins']),
    reason: z.enum(['no-answer', 'not-mine']),
    at: instant,
  }),
  example: {
    processId: 'product-maintenance-deploy-product-releases',
    version: 7,
    reviewId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10',
    openedAt: '2026-11-21T09:12:00.000Z',
    name: 'deploy product releases',
    section: 'product maintenance',
    owner: 'ada',
    deputy: 'alan',
    url: 'https://example.org/processes.md#deploy-product-releases',
    level: 'deputy',
    reason: 'no-answer',
    at: '2026-12-05T09:12:00.000Z',
  },
});
export type ProcessOverdue = DataOf<typeof ProcessOverdue>;

export const OwnerResponse = defineEvent({
  subject: 'owner.response',
  says: 'A person answered the question about a process.',
  publishers: ['notifier', 'registry'],
  consumers: ['registry'],
  schema: z.object({
    responseId: z.uuid(),
    processId,
    /** The review that was answered; null when the answer came without a question. */
    reviewId: z.uuid().nullable(),
    answer,
    by: handle,
    at: instant,
    channel,
    /** Whether the link to the record was followed before the answer; null where that cannot be known. */
    recordOpened: z.boolean().nullable(),
  }),
  example: {
    responseId: '0198c5a2-9b1d-7f7a-8a35-9b7c0d1e2f30',
    processId: 'product-maintenance-deploy-product-releases',
    reviewId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10',
    answer: 'correct',
    by: 'ada',
    at: '2026-11-21T09:13:10.000Z',
    channel: 'telegram',
    recordOpened: true,
  },
});
export type OwnerResponse = DataOf<typeof OwnerResponse>;

export const ProcessCertified = defineEvent({
  subject: 'process.certified',
  says: 'A person confirmed the record of a process: by whom, which revision of it, and when it is due again.',
  publishers: ['registry'],
  consumers: ['notifier'],
  schema: z.object({
    processId,
    version,
    name: z.string(),
    reviewId: z.uuid().nullable(),
    responseId: z.uuid(),
    by: z.string(),
    certificationDate: instant,
    recordHash: z.string().nullable(),
    recordOpened: z.boolean().nullable(),
    nextDueAt: instant,
  }),
  example: {
    processId: 'product-maintenance-deploy-product-releases',
    version: 8,
    name: 'deploy product releases',
    reviewId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10',
    responseId: '0198c5a2-9b1d-7f7a-8a35-9b7c0d1e2f30',
    by: 'ada',
    certificationDate: '2026-11-21T09:13:10.000Z',
    recordHash: '5f2c9a',
    recordOpened: true,
    nextDueAt: '2027-11-21T09:13:10.000Z',
  },
});
export type ProcessCertified = DataOf<typeof ProcessCertified>;
