import { Inject, Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type ImportReport } from '@recert/contracts';
import { Clock, UserError, type FieldError } from '@recert/service-kit';
import { type EntityManager } from 'typeorm';
import { historyOfPerson, newPerson, type Person } from '../people/person';
import { PersonRepository } from '../people/person.repository';
import { type Reason, type Rules } from '../processes/process-change';
import { PROCESS_RULES } from '../processes/process-rules';
import { ProcessRepository, StaleProcessError } from '../processes/process.repository';
import { ProcessWriter } from '../processes/write-process-changes';
import { type Finding, type ParsedPerson } from './parsed-library';
import { planImport, type ImportPlan, type ReadLibrary } from './plan-import';

/** Imports wait for one another: any number that nothing else in the database locks. */
const IMPORT_LOCK = 7_236_020;
const ATTEMPTS = 5;

/** A library that was read and has no errors. */
export interface ImportableLibrary extends ReadLibrary {
  readonly people: readonly ParsedPerson[];
  readonly warnings: readonly Finding[];
}

export interface ImportOrder {
  readonly libraries: readonly ImportableLibrary[];
  /** The sources that still count. */
  readonly configured: ReadonlySet<string>;
  /** Who wants it: `library` when nobody does. */
  readonly by: string;
  readonly dryRun: boolean;
}

/** Brings the registry to what the libraries say, all of it in one transaction or nothing. */
@Injectable()
export class ImportLibrary {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly processes: ProcessRepository,
    private readonly writer: ProcessWriter,
    private readonly people: PersonRepository,
    private readonly clock: Clock,
    @Inject(PROCESS_RULES) private readonly rules: Rules,
  ) {}

  /**
   * @returns what changed, or with `dryRun` what would change
   * @throws UserError 422 with every finding, when two libraries claim one id
   */
  async import(order: ImportOrder): Promise<ImportReport> {
    if (order.dryRun) return this.preview(order, this.database.dataSource.manager);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.database.transaction((tx) => this.apply(tx, order));
      } catch (error) {
        if (!(error instanceof StaleProcessError) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private async preview(order: ImportOrder, db: EntityManager): Promise<ImportReport> {
    const { plan } = await this.plan(db, order);
    const known = await this.people.all(db);
    const handles = new Set(known.map((person) => person.handle));
    const missing = peopleOf(order).filter((person) => !handles.has(person.handle));
    return report(order, plan, missing, known);
  }

  private async apply(tx: Tx, order: ImportOrder): Promise<ImportReport> {
    await tx.db.query(`set local lock_timeout = '60s'`);
    await tx.db.query('select pg_advisory_xact_lock($1)', [IMPORT_LOCK]);
    const { plan, reason } = await this.plan(tx.db, order);
    const known = await this.people.all(tx.db);
    const handles = new Set(known.map((person) => person.handle));
    const missing = peopleOf(order).filter((person) => !handles.has(person.handle));
    const added = await this.people.addMissing(tx, missing);
    const entries = added.flatMap((person) => historyOfPerson(null, person, reason));
    if (plan.changes.length > 0 || entries.length > 0) await this.writer.write(tx, plan.changes, entries);
    return report(order, plan, added, known);
  }

  private async plan(db: EntityManager, order: ImportOrder): Promise<{ plan: Plan; reason: Reason }> {
    const reason = { at: this.clock.now(), by: order.by, cause: 'import', source: 'library' };
    const { libraries, configured } = order;
    const existing = await this.processes.all(db);
    const plan = planImport({ existing, libraries, configured, reason, rules: this.rules });
    if (!plan.ok) throw refusal(plan.errors);
    return { plan, reason };
  }
}

type Plan = Extract<ImportPlan, { ok: true }>;

/** Everybody whom an owner or deputy line names, once. */
function peopleOf({ libraries }: ImportOrder): Person[] {
  const people = new Map<string, Person>();
  for (const { handle, name } of libraries.flatMap((library) => library.people)) {
    if (!people.has(handle)) people.set(handle, newPerson(handle, name, ['owner']));
  }
  return [...people.values()];
}

function report(order: ImportOrder, plan: Plan, added: readonly Person[], known: readonly Person[]): ImportReport {
  const inactive = new Set(known.filter((person) => !person.active).map((person) => person.handle));
  const named = order.libraries.flatMap((library) => library.people).filter(({ handle }) => inactive.has(handle));
  const gone = named.map(({ handle, file, line }) => ({
    ...{ file, line },
    message: `"${handle}" is deactivated and still named here: name somebody else, or activate the person again`,
  }));
  return {
    dryRun: order.dryRun,
    sources: order.libraries.map((library) => library.source),
    ...plan.found,
    people: added.map((person) => person.handle),
    warnings: [...order.libraries.flatMap((library) => library.warnings), ...gone],
  };
}

/** The refusal of a library: the first finding in words, all of them as errors with file and line. */
export function refusal(findings: readonly Finding[]): UserError {
  const [first] = findings;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  const detail = first === undefined ? 'unknown' : `${first.file}:${first.line}: ${first.message}${more}`;
  const errors: FieldError[] = findings.map((finding) => ({ field: 'library', ...finding }));
  return new UserError(422, `The library was not imported and nothing was changed. ${detail}`, errors);
}
