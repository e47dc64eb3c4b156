import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type ImportReport } from '@recert/contracts';
import { type HistoryEntry } from '../history/history-chain';
import { historyOfPerson, newPerson, type Person } from '../people/person';
import { PersonRepository } from '../people/person.repository';
import { isTemplate } from '../processes/process';
import { type ProcessChange, type Reason } from '../processes/process-change';
import { ProcessWriter } from '../processes/write-process-changes';
import { meaningForProcesses, type Product } from '../products/product';
import { inImportTurn } from './import-turn';
import { LibraryRepository, type LibraryFacts } from './library.repository';
import { type ImportFindings } from './plan-import';
import { ProcessPlanner } from './process-planner';
import { type ImportableLibrary, type LibraryText } from './read-libraries';
import { type TellProgress } from './tell-progress';

export interface ImportOrder {
  readonly libraries: readonly LibraryText[];
  /** The sources that still count. */
  readonly configured: ReadonlySet<string>;
  /** Who wants it: `library` when nobody does. */
  readonly by: string;
  readonly at: Date;
  readonly dryRun: boolean;
  readonly tell: TellProgress;
}

/** Brings the registry to what the libraries say, all of it in one transaction or nothing. */
@Injectable()
export class ImportLibrary {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly planner: ProcessPlanner,
    private readonly writer: ProcessWriter,
    private readonly people: PersonRepository,
    private readonly libraries: LibraryRepository,
  ) {}

  /**
   * @returns what changed, or with `dryRun` what would change
   * @throws UserError 422 with every finding, when a library is not right or two of them claim one id
   */
  async import(order: ImportOrder): Promise<ImportReport> {
    const db = this.database.dataSource.manager;
    const facts = await this.libraries.withDigest(db, digested(order, await this.planner.allProducts(db)));
    if (facts.length === order.libraries.length) return this.unchanged(order, facts);
    // What is not right is said before anybody has to wait.
    order.tell('comparing');
    for (const library of order.libraries) library.parse();
    if (!order.dryRun) order.tell('waiting');
    return order.dryRun ? this.preview(order) : inImportTurn(this.database, (tx) => this.apply(tx, order));
  }

  /** The same texts as last time: nothing that only an import changes can be another. */
  private async unchanged(order: ImportOrder, facts: readonly LibraryFacts[]): Promise<ImportReport> {
    const known = await this.people.all(this.database.dataSource.manager);
    const unchanged = facts.reduce((sum, { processes }) => sum + processes, 0);
    return report(order, { ...nothing, unchanged }, facts, [], known);
  }

  private async preview(order: ImportOrder): Promise<ImportReport> {
    const db = this.database.dataSource.manager;
    const facts = factsOf(order, await this.planner.allProducts(db));
    const plan = await this.planner.ofLibraries(db, ...scene(order));
    const known = await this.people.all(db);
    return report(order, plan.found, facts, missing(facts, known), known);
  }

  private async apply(tx: Tx, order: ImportOrder): Promise<ImportReport> {
    order.tell('comparing');
    const products = await this.planner.allProducts(tx.db);
    const facts = factsOf(order, products);
    const plan = await this.planner.ofLibraries(tx.db, ...scene(order));
    const known = await this.people.all(tx.db);
    const added = await this.people.addMissing(tx, missing(facts, known));
    const entries = added.flatMap((person) => historyOfPerson(null, person, reasonOf(order)));
    const digests = digested(order, products);
    for (const [at, each] of facts.entries()) await this.libraries.note(tx, each, digests[at]!.digest, order.at);
    await this.write(tx, plan.changes, entries, order.tell);
    return report(order, plan.found, facts, added, known);
  }

  private async write(
    tx: Tx,
    changes: readonly ProcessChange[],
    entries: readonly HistoryEntry[],
    tell: TellProgress,
  ): Promise<void> {
    if (changes.length === 0 && entries.length === 0) return;
    const saved = (count: number): void => tell('writing', count, changes.length);
    saved(0);
    await this.writer.writeUnlocked(tx, changes, entries, saved);
  }
}

function scene(order: ImportOrder): [readonly ImportableLibrary[], ReadonlySet<string>, Reason] {
  return [order.libraries.map((library) => library.parse()), order.configured, reasonOf(order)];
}

/** The same text means something else as soon as other products have its processes. */
function digested({ libraries }: ImportOrder, products: readonly Product[]): { source: string; digest: string }[] {
  const meaning = meaningForProcesses(products);
  return libraries.map(({ source, digest }) => ({
    source,
    digest: createHash('sha256')
      .update(JSON.stringify([digest, meaning]))
      .digest('hex'),
  }));
}

const nothing: ImportFindings = { created: [], changed: [], ownerLost: [], retired: [], restored: [], unchanged: 0 };

function reasonOf({ at, by }: ImportOrder): Reason {
  return { at, by, cause: 'import', source: 'library' };
}

function factsOf({ libraries }: ImportOrder, products: readonly Product[]): LibraryFacts[] {
  const active = products.filter((product) => product.active).length;
  return libraries.map((library) => {
    const { source, processes, people, warnings } = library.parse();
    const ofProducts = processes.filter(isTemplate).length * active;
    return { source, processes: processes.length + ofProducts, people, warnings };
  });
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
