import { type ReviewReason } from '@recert/contracts';
import { type Certification, type ProcessState, type ProcessStatus, type Review } from '@recert/recertification';
import { type KnownReview, type LastResponse, type Origin, type Process } from './process';

/** As PostgreSQL gives it, without the text of the record. */
export interface ProcessRow {
  id: string;
  version: number;
  name: string;
  section: string | null;
  owner: string | null;
  deputy: string | null;
  documented: boolean;
  url: string | null;
  product: string | null;
  trigger_period: string;
  record_hash: string | null;
  status: ProcessStatus;
  status_since: Date | null;
  hash_then: string | null;
  certified_at: Date | null;
  certified_by: string | null;
  certified_hash: string | null;
  certified_review_id: string | null;
  certified_record_opened: boolean | null;
  closed_review_id: string | null;
  review_id: string | null;
  review_open: boolean;
  review_opened_at: Date | null;
  review_reason: ReviewReason | null;
  review_reminder: number | null;
  review_snoozed_until: Date | null;
  review_disowned_by: string | null;
  last_response: (Omit<LastResponse, 'at'> & { at: string }) | null;
  registered_at: Date;
  documented_at: Date | null;
  next_due_at: Date | null;
  source: string;
  position: number;
  source_values: Omit<Origin, 'source' | 'position'>;
}

/** Every column of {@link ProcessRow} with its type, for statements that take many rows at once. */
export const columns: Readonly<Record<keyof ProcessRow, string>> = {
  id: 'text',
  version: 'int',
  name: 'text',
  section: 'text',
  owner: 'text',
  deputy: 'text',
  documented: 'boolean',
  url: 'text',
  product: 'text',
  trigger_period: 'text',
  record_hash: 'text',
  status: 'text',
  status_since: 'timestamptz',
  hash_then: 'text',
  certified_at: 'timestamptz',
  certified_by: 'text',
  certified_hash: 'text',
  certified_review_id: 'uuid',
  certified_record_opened: 'boolean',
  closed_review_id: 'uuid',
  review_id: 'uuid',
  review_open: 'boolean',
  review_opened_at: 'timestamptz',
  review_reason: 'text',
  review_reminder: 'int',
  review_snoozed_until: 'timestamptz',
  review_disowned_by: 'text',
  last_response: 'jsonb',
  registered_at: 'timestamptz',
  documented_at: 'timestamptz',
  next_due_at: 'timestamptz',
  source: 'text',
  position: 'int',
  source_values: 'jsonb',
};
export function toProcess(row: ProcessRow): Process {
  return {
    id: row.id,
    version: row.version,
    name: row.name,
    section: row.section,
    owner: row.owner,
    deputy: row.deputy,
    documented: row.documented,
    url: row.url,
    product: row.product,
    triggerPeriod: row.trigger_period,
    state: toState(row),
    review: toReview(row),
    lastResponse: row.last_response && { ...row.last_response, at: new Date(row.last_response.at) },
    registeredAt: row.registered_at,
    documentedAt: row.documented_at,
    nextDueAt: row.next_due_at,
    origin: { source: row.source, position: row.position, ...row.source_values },
  };
}

function toState(row: ProcessRow): ProcessState {
  const known = {
    recordHash: row.record_hash,
    certification: toCertification(row),
    closedReviewId: row.closed_review_id,
  };
  const review = row.review_open ? toReview(row) : null;
  const open = review && withoutOpen(review);
  switch (row.status) {
    case 'uncertified':
      return { ...known, status: 'uncertified', certification: null };
    case 'due':
      return { ...known, status: 'due', review: must(row, open) };
    case 'updating':
      return {
        ...known,
        status: 'updating',
        review: open,
        since: must(row, row.status_since),
        hashThen: row.hash_then,
      };
    case 'overdue':
      return { ...known, status: 'overdue', review: must(row, open), since: must(row, row.status_since) };
    case 'certified':
      return { ...known, status: 'certified', certification: must(row, known.certification) };
    case 'retired':
      return { ...known, status: 'retired', retiredAt: must(row, row.status_since) };
  }
}

function must<T>(row: ProcessRow, value: T | null): T {
  if (value === null) throw new Error(`The row of process ${row.id} lacks what its status ${row.status} needs.`);
  return value;
}

function toCertification(row: ProcessRow): Certification | null {
  if (row.certified_at === null || row.certified_by === null) return null;
  return {
    at: row.certified_at,
    by: row.certified_by,
    recordHash: row.certified_hash,
    reviewId: row.certified_review_id,
    recordOpened: row.certified_record_opened,
  };
}

function toReview(row: ProcessRow): KnownReview | null {
  if (row.review_id === null || row.review_opened_at === null || row.review_reason === null) return null;
  return {
    id: row.review_id,
    open: row.review_open,
    openedAt: row.review_opened_at,
    reason: row.review_reason,
    reminder: row.review_reminder ?? 0,
    snoozedUntil: row.review_snoozed_until,
    disownedBy: row.review_disowned_by,
  };
}

function withoutOpen({ open: _open, ...review }: KnownReview): Review {
  return review;
}

/** One literal, because a big import makes 10,000 of them and copying objects into one another costs seconds. */
export function toRow(process: Process): Record<keyof ProcessRow, unknown> {
  const { state, review, origin } = process;
  const { certification } = state;
  return {
    id: process.id,
    version: process.version,
    name: process.name,
    section: process.section,
    owner: process.owner,
    deputy: process.deputy,
    documented: process.documented,
    url: process.url,
    product: process.product,
    trigger_period: process.triggerPeriod,
    record_hash: state.recordHash,
    status: state.status,
    status_since: 'since' in state ? state.since : 'retiredAt' in state ? state.retiredAt : null,
    hash_then: 'hashThen' in state ? state.hashThen : null,
    certified_at: certification?.at ?? null,
    certified_by: certification?.by ?? null,
    certified_hash: certification?.recordHash ?? null,
    certified_review_id: certification?.reviewId ?? null,
    certified_record_opened: certification?.recordOpened ?? null,
    closed_review_id: state.closedReviewId,
    review_id: review?.id ?? null,
    review_open: review?.open ?? false,
    review_opened_at: review?.openedAt ?? null,
    review_reason: review?.reason ?? null,
    review_reminder: review?.reminder ?? null,
    review_snoozed_until: review?.snoozedUntil ?? null,
    review_disowned_by: review?.disownedBy ?? null,
    last_response: process.lastResponse,
    registered_at: process.registeredAt,
    documented_at: process.documentedAt,
    next_due_at: process.nextDueAt,
    source: origin.source,
    position: origin.position,
    source_values: sourceValues(origin),
  };
}

function sourceValues({ owner, deputy, triggerPeriod, text }: Origin): ProcessRow['source_values'] {
  return { owner, deputy, triggerPeriod, text };
}
