import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type PersonBody, type personPatch } from '@recert/contracts';
import { Clock, UserError } from '@recert/service-kit';
import { type z } from 'zod';
import { inImportTurn } from '../library/import-turn';
import { type Reason } from '../processes/process-change';
import { ProcessWriter } from '../processes/write-process-changes';
import { HandOverProcesses } from './hand-over-processes';
import { HandOverProducts, type HandedOver } from './hand-over-products';
import { historyOfPerson, newPerson, type Person } from './person';
import { PersonRepository } from './person.repository';

type Patch = z.output<typeof personPatch>;

/** Adds people, and changes what is known about them. */
@Injectable()
export class EditPerson {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly people: PersonRepository,
    private readonly processes: HandOverProcesses,
    private readonly products: HandOverProducts,
    private readonly writer: ProcessWriter,
    private readonly clock: Clock,
  ) {}

  /** @throws UserError 409 when somebody has that handle */
  async add({ handle, name, roles }: PersonBody, by: string): Promise<Person> {
    return this.database.transaction(async (tx) => {
      const [person] = await this.people.addMissing(tx, [newPerson(handle, name, roles)]);
      if (person === undefined) throw UserError.conflict(`There is a person "${handle}" already: change that one.`);
      await this.writer.write(tx, [], historyOfPerson(null, person, this.reason(by, 'added')));
      return person;
    });
  }

  /**
   * @param heir takes over the processes and products of a person who is deactivated
   * @throws UserError 404, 409 while a person who is to be deactivated owns something, 422 for an heir there is not
   */
  async edit(handle: string, patch: Patch, heir: string | null, by: string): Promise<Person> {
    const leaves = patch.active === false;
    if (heir !== null && !leaves) throw UserError.invalid('heir', 'only for a person who is deactivated');
    const reason = this.reason(by, leaves ? `${handle} was deactivated` : 'edit');
    if (!leaves) return this.database.transaction((tx) => this.save(tx, handle, patch, reason, nothing));
    return inImportTurn(this.database, async (tx) => {
      // Processes and products are locked before people, as everywhere.
      const left = await this.handOver(tx, handle, heir, reason);
      return this.save(tx, handle, patch, reason, left);
    });
  }

  private async save(tx: Tx, handle: string, patch: Patch, reason: Reason, left: HandedOver): Promise<Person> {
    const before = await this.people.find(tx.db, handle, 'for update');
    if (before === null) throw UserError.notFound(`person "${handle}"`);
    const edited = edit(before, patch);
    const entries = [...historyOfPerson(before, edited, reason), ...left.entries];
    if (entries.length === 0) return before;
    const after = await this.people.save(tx, edited);
    await this.writer.writeUnlocked(tx, left.changes, entries);
    return after;
  }

  private async handOver(tx: Tx, handle: string, heir: string | null, reason: Reason): Promise<HandedOver> {
    const processes = await this.processes.belongings(tx, handle);
    const products = await this.products.belongings(tx, handle);
    const owned = [
      count('process', 'processes', processes.filter((process) => process.owner === handle).length),
      count('product', 'products', products.filter((product) => product.owner === handle && product.active).length),
    ].filter((text) => text !== null);
    if (owned.length > 0 || heir !== null) await this.checkHeir(tx, handle, heir, owned.join(' and '));
    const { changes, entries } = await this.products.handOver(tx, products, handle, heir, reason);
    return { changes: this.processes.changes(processes, changes, { handle, heir, reason }), entries };
  }

  /** @param owned what there is to take over, in words */
  private async checkHeir(tx: Tx, handle: string, heir: string | null, owned: string): Promise<void> {
    if (heir === null) throw UserError.conflict(`"${handle}" owns ${owned}: name who takes over, ?heir=<handle>.`);
    const person = heir === handle ? null : await this.people.find(tx.db, heir);
    if (person === null || !person.active) {
      throw UserError.invalid('heir', `"${heir}" is nobody who could take over: name an active person`);
    }
  }

  private reason(by: string, cause: string): Reason {
    return { at: this.clock.now(), by, cause, source: 'http' };
  }
}

const nothing: HandedOver = { changes: [], entries: [] };

function count(one: string, many: string, number: number): string | null {
  return number === 0 ? null : number === 1 ? `a ${one}` : `${number} ${many}`;
}

/** An invitation is not left open to somebody who is deactivated. */
function edit(person: Person, { name, roles, active }: Patch): Person {
  return {
    ...person,
    name: name ?? person.name,
    roles: roles ?? person.roles,
    active: active ?? person.active,
    invitation: active === false ? null : person.invitation,
  };
}
