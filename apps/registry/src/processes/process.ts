import { type Answer, type Channel, type ProcessRegistered, type ProcessView } from '@recert/contracts';
import { openReviewOf, type ProcessState, type Review } from '@recert/recertification';

/**
 * The product of a record that every product has: it stands for the processes of the products, and nobody is ever asked
 * about it itself.
 */
export const EVERY_PRODUCT = 'each';

/** What is registered about one process of the library. */
export interface Process {
  readonly id: string;
  /** Grows by one with every change that others hear of; 0 before the first. */
  readonly version: number;
  readonly name: string;
  readonly section: string | null;
  /** Handles. */
  readonly owner: string | null;
  readonly deputy: string | null;
  /** False for an item of the library's list without a record: shown as a gap, never asked about. */
  readonly documented: boolean;
  readonly url: string | null;
  /** The product whose process it is, `each` for a record that every product has, or null. */
  readonly product: string | null;
  /** ISO 8601 duration. */
  readonly triggerPeriod: string;
  readonly state: ProcessState;
  /** The newest review, open or closed. */
  readonly review: KnownReview | null;
  readonly lastResponse: LastResponse | null;
  readonly registeredAt: Date;
  /** When its record came into the library, or came back; null while there is none. */
  readonly documentedAt: Date | null;
  readonly nextDueAt: Date | null;
  readonly origin: Origin;
}

export interface KnownReview extends Review {
  readonly open: boolean;
}

export interface LastResponse {
  readonly id: string;
  readonly reviewId: string | null;
  readonly answer: Answer;
  readonly by: string;
  readonly channel: Channel;
  readonly at: Date;
  /** Null when it was taken, else the sentence that says why not. */
  readonly refused: string | null;
}

/** Where a process comes from, and what was written there when it was last read. */
export interface Origin {
  /** The entry of LIBRARY, or `upload`. */
  readonly source: string;
  /** Its place in the library, for showing it in that order. */
  readonly position: number;
  readonly owner: string | null;
  readonly deputy: string | null;
  /** ISO 8601 duration, or null where the library says nothing. */
  readonly triggerPeriod: string | null;
  /** SHA-256 (hex) of the record's text, which can change where its hash does not: an owner line is part of it. */
  readonly text: string | null;
}

export function isTemplate({ product }: Pick<Process, 'product'>): boolean {
  return product === EVERY_PRODUCT;
}

/** Why nobody can be asked about a process and nobody can answer for it, and how to mend that; null when they can. */
export function whyNotAsked({ name, product, documented, state }: Process): string | null {
  if (state.status === 'retired') {
    return product === null || product === EVERY_PRODUCT
      ? `"${name}" is retired because its record is gone: put the record back first.`
      : `"${name}" is retired because its record is gone or "${product}" is not active: put the record back, or activate the product, first.`;
  }
  if (product === EVERY_PRODUCT) {
    return `"${name}" is a record that every product has, so each product's own process is reviewed and not this one: name the process of a product.`;
  }
  return documented ? null : `Nobody has written "${name}" down yet: add its record to the library first.`;
}

/** The review as it is after the state has changed: the open one, or the one before, closed. */
export function reviewAfter(known: KnownReview | null, state: ProcessState): KnownReview | null {
  const open = openReviewOf(state);
  if (open !== null) return { ...open, open: true };
  return known && { ...known, open: false };
}

export function toView(process: Process): ProcessView {
  return {
    id: process.id,
    name: process.name,
    section: process.section,
    owner: process.owner,
    deputy: process.deputy,
    status: process.state.status,
    certificationDate: iso(process.state.certification?.at),
    triggerPeriod: process.triggerPeriod,
    nextDueAt: iso(process.nextDueAt),
    url: process.url,
    documented: process.documented,
    product: process.product,
    version: process.version,
  };
}

export function toRegistered(process: Process): ProcessRegistered {
  const { id, ...view } = toView(process);
  const { state, review, lastResponse } = process;
  return {
    processId: id,
    ...view,
    updatingSince: state.status === 'updating' ? state.since.toISOString() : null,
    recordHash: state.recordHash,
    review: review && {
      id: review.id,
      open: review.open,
      openedAt: review.openedAt.toISOString(),
      reason: review.reason,
      reminder: review.reminder,
      snoozedUntil: iso(review.snoozedUntil),
      disownedBy: review.disownedBy,
    },
    lastResponse: lastResponse && { ...lastResponse, at: lastResponse.at.toISOString() },
  };
}

export function iso(date: Date | null | undefined): string | null {
  return date?.toISOString() ?? null;
}
