import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type PersonBody, type personPatch } from '@recert/contracts';
import { Clock, UserError } from '@recert/service-kit';
import { type z } from 'zod';
import { Sessions } from '../access/sessions';
import { inImportTurn } from '../library/import-turn';
import { type Reason } from '../processes/process-change';
import { ProcessWriter } from '../processes/write-process-changes';
import { HandOver } from './hand-over';
import { type HandedOver } from './hand-over-products';
import { asOwner, cannotAnswer } from './make-owners';
import { historyOfPerson, newPerson, type Person } from './person';
import { PersonRepository } from './person.repository';
import { countOwned, nameOwned } from './what-they-own';

type Patch = z.output<typeof personPatch>;

/** Adds people, and changes what is known about them. */
@Injectable()
export class EditPerson {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly people: PersonRepository,
    private readonly belongings: HandOver,
    private readonly writer: ProcessWriter,
    private readonly sessions: Sessions,
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
   * @throws UserError 404, 409 while a person who is to be deactivated owns something, or one who answers for something
   *   is to be neither owner nor admin, 422 for an heir there is not
   */
  async edit(handle: string, patch: Patch, heir: string | null, by: string): Promise<Person> {
    const leaves = patch.active === false;
    if (heir !== null && !leaves) throw UserError.invalid('heir', 'only for a person who is deactivated');
    const reason = this.reason(by, leaves ? `${handle} was deactivated` : 'edit');
    if (!leaves) return this.database.transaction((tx) => this.save(tx, handle, patch, reason, nothing));
    return inImportTurn(this.database, async (tx) => {
      // Processes and products are locked before people, as everywhere.
      const left = await this.belongings.handOver(tx, handle, heir, reason);
      return this.save(tx, handle, patch, reason, left);
    });
  }

  private async save(tx: Tx, handle: string, patch: Patch, reason: Reason, left: HandedOver): Promise<Person> {
    const before = await this.people.find(tx.db, handle, 'for update');
    if (before === null) throw UserError.notFound(`person "${handle}"`);
    const edited = await this.ableToAnswer(tx, edit(before, patch), patch);
    const entries = [...historyOfPerson(before, edited, reason), ...left.entries];
    if (entries.length === 0) return before;
    const after = await this.people.save(tx, edited);
    await this.sessions.follow(tx, before, after);
    await this.writer.writeUnlocked(tx, left.changes, entries);
    return after;
  }

  /**
   * Whoever answers for something is at least an owner: made one when they come back, and not let go while they do.
   * The lock on the person keeps others from giving them something meanwhile.
   */
  private async ableToAnswer(tx: Tx, edited: Person, { roles }: Patch): Promise<Person> {
    if (!cannotAnswer(edited)) return edited;
    const owned = await this.people.answersFor(tx.db, edited.handle);
    const counted = countOwned(owned);
    if (counted === null) return edited;
    if (roles === undefined) return asOwner(edited);
    throw UserError.conflict(
      `"${edited.handle}" answers for ${counted}, and needs to be an owner or admin for that: give it to somebody ` +
        `else first. What there is: ${nameOwned(owned)}.`,
    );
  }

  private reason(by: string, cause: string): Reason {
    return { at: this.clock.now(), by, cause, source: 'http' };
  }
}

const nothing: HandedOver = { changes: [], entries: [] };

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
