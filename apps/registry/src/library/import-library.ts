import { Inject, Injectable } from '@nestjs/common';
import { lockKey, ServiceDatabase, type Tx } from '@recert/bus';
import { type ImportReport } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { historyOfPerson, newPerson, type Person } from '../people/person';
import { PersonRepository } from '../people/person.repository';
import { type Reason, type Rules } from '../processes/process-change';
import { PROCESS_RULES } from '../processes/process-rules';
import { ProcessRepository, StaleProcessError } from '../processes/process.repository';
import { ProcessWriter } from '../processes/write-process-changes';
import { LibraryRepository, type LibraryFacts } from './library.repository';
import { planImport, type ImportFindings, type ImportPlan } from './plan-import';
import { refusal, type LibraryText } from './read-libraries';

/** Imports wait for one another. */
const IMPORT_LOCK = lockKey('registry.import');
const ATTEMPTS = 5;
/** SQLSTATE of a transaction that was ended because two waited for each other. */
const DEADLOCK = '40P01';

export interface ImportOrder {
  readonly libraries: readonly LibraryText[];
  /** The sources that still count. */
  readonly configured: ReadonlySet<string>;
  /** Who wants it: `library` when nobody does. */
  readonly by: string;
  readonly at: Date;
  readonly dryRun: boolean;
}

type Plan = Extract<ImportPlan, { ok: true }>;

/** Brings the registry to what the libraries say, all of it in one transaction or nothing. */
@Injectable()
export class ImportLibrary {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly processes: ProcessRepository,
    private readonly writer: ProcessWriter,
    private readonly people: PersonRepository,
    private readonly libraries: LibraryRepository,
    @Inject(PROCESS_RULES) private readonly rules: Rules,
  ) {}

  /**
   * @returns what changed, or with `dryRun` what would change
   * @throws UserError 422 with every finding, when a library is not right or two of them claim one id
   */
  async import(order: ImportOrder): Promise<ImportReport> {
    const db = this.database.dataSource.manager;
    const facts = await this.libraries.withDigest(db, order.libraries);
    if (facts.length === order.libraries.length) return this.unchanged(order, facts);
    const read = order.libraries.map((library) => library.parse());
    if (order.dryRun) return this.preview(order, read.map(toFacts));
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.database.transaction((tx) => this.apply(tx, order, read.map(toFacts)));
      } catch (error) {
        if (!wasInTheWay(error) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** The same texts as last time: nothing that only an import changes can be another. */
  private async unchanged(order: ImportOrder, facts: readonly LibraryFacts[]): Promise<ImportReport> {
    const known = await this.people.all(this.database.dataSource.manager);
    const unchanged = facts.reduce((sum, { processes }) => sum + processes, 0);
    return report(order, { ...nothing, unchanged }, facts, [], known);
  }

  private async preview(order: ImportOrder, facts: readonly LibraryFacts[]): Promise<ImportReport> {
    const db = this.database.dataSource.manager;
    const plan = await this.plan(db, order);
    const known = await this.people.all(db);
    return report(order, plan.found, facts, missing(facts, known), known);
  }

  private async apply(tx: Tx, order: ImportOrder, facts: readonly LibraryFacts[]): Promise<ImportReport> {
    await tx.db.query(`set local lock_timeout = '60s'`);
    await tx.db.query('select pg_advisory_xact_lock($1)', [IMPORT_LOCK]);
    const plan = await this.plan(tx.db, order);
    const known = await this.people.all(tx.db);
    const added = await this.people.addMissing(tx, missing(facts, known));
    const entries = added.flatMap((person) => historyOfPerson(null, person, reasonOf(order)));
    for (const [at, each] of facts.entries())
      await this.libraries.note(tx, each, order.libraries[at]!.digest, order.at);
    if (plan.changes.length > 0 || entries.length > 0) await this.writer.write(tx, plan.changes, entries);
    return report(order, plan.found, facts, added, known);
  }

  private async plan(db: EntityManager, order: ImportOrder): Promise<Plan> {
    const libraries = order.libraries.map((library) => library.parse());
    const existing = await this.processes.all(db);
    const { configured } = order;
    const plan = planImport({ existing, libraries, configured, reason: reasonOf(order), rules: this.rules });
    if (!plan.ok) throw refusal(plan.errors);
    return plan;
  }
}

/** Somebody answered or edited in the same moment: their change stands, and the libraries are compared with it anew. */
function wasInTheWay(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof StaleProcessError || code === DEADLOCK;
}

const nothing: ImportFindings = { created: [], changed: [], ownerLost: [], retired: [], restored: [], unchanged: 0 };

function reasonOf({ at, by }: ImportOrder): Reason {
  return { at, by, cause: 'import', source: 'library' };
}

function toFacts({ source, processes, people, warnings }: ReturnType<LibraryText['parse']>): LibraryFacts {
  return { source, processes: processes.length, people, warnings };
}

/** Everybody whom an owner or deputy line names and nobody knows, once. */
function missing(facts: readonly LibraryFacts[], known: readonly Person[]): Person[] {
  const handles = new Set(known.map((person) => person.handle));
  const people: Person[] = [];
  for (const { handle, name } of facts.flatMap((library) => library.people)) {
    if (handles.has(handle)) continue;
    handles.add(handle);
    people.push(newPerson(handle, name, ['owner']));
  }
  return people;
}

function report(
  { dryRun }: ImportOrder,
  found: ImportFindings,
  facts: readonly LibraryFacts[],
  added: readonly Person[],
  known: readonly Person[],
): ImportReport {
  const inactive = new Set(known.filter((person) => !person.active).map((person) => person.handle));
  const named = facts.flatMap((library) => library.people).filter(({ handle }) => inactive.has(handle));
  const gone = named.map(({ handle, file, line }) => ({
    ...{ file, line },
    message: `"${handle}" is deactivated and still named here: name somebody else, or activate the person again`,
  }));
  return {
    dryRun,
    sources: facts.map((library) => library.source),
    ...found,
    people: added.map((person) => person.handle),
    warnings: [...facts.flatMap((library) => library.warnings), ...gone],
  };
}
