import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type PersonBody, type personPatch } from '@recert/contracts';
import { Clock, UserError } from '@recert/service-kit';
import { type z } from 'zod';
import { type ProcessChange, type Reason } from '../processes/process-change';
import { ProcessWriter } from '../processes/write-process-changes';
import { HandOverProcesses } from './hand-over-processes';
import { historyOfPerson, newPerson, type Person } from './person';
import { PersonRepository } from './person.repository';

type Patch = z.output<typeof personPatch>;

/** Adds people, and changes what is known about them. */
@Injectable()
export class EditPerson {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly people: PersonRepository,
    private readonly handingOver: HandOverProcesses,
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
   * @param heir takes over the processes of a person who is deactivated
   * @throws UserError 404, 409 while a person who is to be deactivated owns something, 422 for an heir there is not
   */
  async edit(handle: string, patch: Patch, heir: string | null, by: string): Promise<Person> {
    return this.database.transaction(async (tx) => {
      const leaves = patch.active === false;
      if (heir !== null && !leaves) throw UserError.invalid('heir', 'only for a person who is deactivated');
      const reason = this.reason(by, leaves ? `${handle} was deactivated` : 'edit');
      // Processes are locked before people, as everywhere.
      const changes = leaves ? await this.handOver(tx, handle, heir, reason) : [];
      const before = await this.people.find(tx.db, handle, 'for update');
      if (before === null) throw UserError.notFound(`person "${handle}"`);
      const edited = edit(before, patch);
      const entries = historyOfPerson(before, edited, reason);
      if (entries.length === 0) return before;
      const after = await this.people.save(tx, edited);
      await this.writer.write(tx, changes, entries);
      return after;
    });
  }

  private async handOver(tx: Tx, handle: string, heir: string | null, reason: Reason): Promise<ProcessChange[]> {
    const belongings = await this.handingOver.belongings(tx, handle);
    const owned = belongings.filter((process) => process.owner === handle);
    if (owned.length > 0) await this.checkHeir(tx, handle, heir, owned.length);
    return this.handingOver.changes(belongings, handle, heir, reason);
  }

  private async checkHeir(tx: Tx, handle: string, heir: string | null, owned: number): Promise<void> {
    if (heir === null) {
      const what = owned === 1 ? 'a process' : `${owned} processes`;
      throw UserError.conflict(`"${handle}" owns ${what}: name who takes over, ?heir=<handle>.`);
    }
    const person = heir === handle ? null : await this.people.find(tx.db, heir);
    if (person === null || !person.active) {
      throw UserError.invalid('heir', `"${heir}" is nobody who could take over: name an active person`);
    }
  }

  private reason(by: string, cause: string): Reason {
    return { at: this.clock.now(), by, cause, source: 'http' };
  }
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
