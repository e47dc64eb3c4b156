import { Injectable } from '@nestjs/common';
import { type ProcessDue, type ProcessRegistered, type ProcessStatus, type ReviewReason } from '@recert/contracts';
import { type EntityManager } from 'typeorm';

/** A process as the registry told it last, as far as it matters for messages. */
export interface KnownProcess {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly section: string | null;
  readonly owner: string | null;
  readonly deputy: string | null;
  readonly status: ProcessStatus;
  readonly documented: boolean;
  readonly url: string | null;
  readonly certifiedAt: Date | null;
  readonly nextDueAt: Date | null;
  readonly review: KnownReview | null;
  readonly disownedBy: string | null;
  /** The last answer whose outcome was shown. */
  readonly responseId: string | null;
}

export interface KnownReview {
  readonly id: string;
  readonly open: boolean;
  readonly openedAt: Date;
  readonly reason: ReviewReason;
  /** Number of the last reminder that the registry heard of. */
  readonly reminder: number;
}

interface Row {
  id: string;
  version: number;
  name: string;
  section: string | null;
  owner: string | null;
  deputy: string | null;
  status: ProcessStatus;
  documented: boolean;
  url: string | null;
  certified_at: Date | null;
  next_due_at: Date | null;
  review_id: string | null;
  review_open: boolean;
  review_opened_at: Date | null;
  review_reason: ReviewReason | null;
  review_reminder: number | null;
  disowned_by: string | null;
  response_id: string | null;
}

/** How many processes are in which status, and how many nobody owns. */
export interface Standing {
  readonly byStatus: ReadonlyMap<ProcessStatus, number>;
  readonly unowned: number;
}

type Subject = Pick<ProcessDue, 'processId' | 'name' | 'section' | 'owner' | 'deputy' | 'url'>;

/** The table `process`, both ways. */
@Injectable()
export class ProcessRepository {
  /**
   * Locks the process: everything that opens or closes questions about it goes one after the other. Always before any
   * person.
   * @returns null when nothing is known of it yet; then nothing is locked
   */
  async lock(db: EntityManager, id: string): Promise<KnownProcess | null> {
    const [row] = await db.query<Row[]>('select * from process where id = $1 for update', [id]);
    return row === undefined ? null : toProcess(row);
  }

  async find(db: EntityManager, id: string): Promise<KnownProcess | null> {
    const [row] = await db.query<Row[]>('select * from process where id = $1', [id]);
    return row === undefined ? null : toProcess(row);
  }

  /** Locks several, always in the same order. */
  async lockAll(db: EntityManager, ids: readonly string[]): Promise<KnownProcess[]> {
    const rows = await db.query<Row[]>('select * from process where id = any($1) order by id for update', [ids]);
    return rows.map(toProcess);
  }

  /** Locks the process; one that is not known yet is taken from what the scheduler says, until the registry is heard. */
  async lockOrLearn(db: EntityManager, subject: Subject): Promise<KnownProcess> {
    const known = await this.lock(db, subject.processId);
    if (known !== null) return known;
    await db.query(
      `insert into process (id, version, name, section, owner, deputy, status, documented, url)
       values ($1, 0, $2, $3, $4, $5, 'due', true, $6) on conflict do nothing`,
      [subject.processId, subject.name, subject.section, subject.owner, subject.deputy, subject.url],
    );
    const learnt = await this.lock(db, subject.processId);
    if (learnt === null) throw new Error(`the process ${subject.processId} vanished while it was learnt`);
    return learnt;
  }

  /**
   * Writes what the registry says. The caller has the lock and has compared the versions.
   * @returns whether there are open questions about it
   */
  async save(db: EntityManager, process: ProcessRegistered): Promise<boolean> {
    const { review } = process;
    const [row] = await db.query<{ asked: boolean }[]>(
      `insert into process (id, version, name, section, owner, deputy, status, documented, url, certified_at, next_due_at,
         review_id, review_open, review_opened_at, disowned_by, response_id, review_reason, review_reminder)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
       on conflict (id) do update set version = $2, name = $3, section = $4, owner = $5, deputy = $6, status = $7,
         documented = $8, url = $9, certified_at = $10, next_due_at = $11, review_id = $12, review_open = $13,
         review_opened_at = $14, disowned_by = $15, response_id = $16, review_reason = $17, review_reminder = $18
       where process.version < $2
       returning exists (select 1 from question q where q.process_id = $1 and q.state <> 'closed') as asked`,
      [
        ...[process.processId, process.version, process.name, process.section, process.owner, process.deputy],
        ...[process.status, isAsked(process), process.url, process.certificationDate, process.nextDueAt],
        ...[review?.id ?? null, review?.open ?? false, review?.openedAt ?? null, review?.disownedBy ?? null],
        ...[process.lastResponse?.id ?? null, review?.reason ?? null, review?.reminder ?? null],
      ],
    );
    return row?.asked === true;
  }

  async retire(db: EntityManager, id: string, version: number): Promise<void> {
    await db.query(
      `update process set version = $2, status = 'retired', review_open = false where id = $1 and version <= $2`,
      [id, version],
    );
  }

  /** Those a person owns, by what needs them most: open reviews first, then by when they are due. */
  async ownedBy(db: EntityManager, handle: string): Promise<KnownProcess[]> {
    const rows = await db.query<Row[]>(
      `select * from process where owner = $1 and documented and status <> 'retired'
       order by array_position(array['overdue', 'due', 'updating'], status), next_due_at nulls last, name`,
      [handle],
    );
    return rows.map(toProcess);
  }

  /** @param owner only theirs; null for all */
  async standing(db: EntityManager, owner: string | null): Promise<Standing> {
    const rows = await db.query<{ status: ProcessStatus; n: number; unowned: number }[]>(
      `select status, count(*)::int as n, (count(*) filter (where owner is null))::int as unowned from process
       where documented and status <> 'retired' and ($1::text is null or owner = $1) group by status`,
      [owner],
    );
    return {
      byStatus: new Map(rows.map((row) => [row.status, row.n])),
      unowned: rows.reduce((sum, row) => sum + row.unowned, 0),
    };
  }
}

/** A record that every product has a process of is a template: people are asked about those. */
function isAsked({ documented, product }: ProcessRegistered): boolean {
  return documented && product !== 'each';
}

function toProcess(row: Row): KnownProcess {
  return {
    id: row.id,
    version: row.version,
    name: row.name,
    section: row.section,
    owner: row.owner,
    deputy: row.deputy,
    status: row.status,
    documented: row.documented,
    url: row.url,
    certifiedAt: row.certified_at,
    nextDueAt: row.next_due_at,
    review: toReview(row),
    disownedBy: row.disowned_by,
    responseId: row.response_id,
  };
}

function toReview(row: Row): KnownReview | null {
  const { review_id: id, review_open: open, review_opened_at: openedAt, review_reason: reason } = row;
  if (id === null || openedAt === null || reason === null) return null;
  return { id, open, openedAt, reason, reminder: row.review_reminder ?? 0 };
}
