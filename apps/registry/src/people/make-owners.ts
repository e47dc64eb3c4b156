import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { roleOf } from '../access/highest-role';
import { Sessions } from '../access/sessions';
import { type HistoryEntry } from '../history/history-chain';
import { historyOfPerson, type Person } from './person';
import { PersonRepository } from './person.repository';

/** Whoever is given something to answer for may answer for it: at least as an owner. */
@Injectable()
export class MakeOwners {
  constructor(
    private readonly people: PersonRepository,
    private readonly sessions: Sessions,
  ) {}

  /**
   * In a transaction that gives these people something, after it has locked that and before it locks the end of the
   * history. Nobody's role can be taken away until it ends.
   * @returns rows of the history, for those who could not answer until now
   */
  async of(
    tx: Tx,
    handles: readonly string[],
    { at, by, source }: Pick<HistoryEntry, 'at' | 'by' | 'source'>,
  ): Promise<HistoryEntry[]> {
    if (handles.length === 0) return [];
    const entries: HistoryEntry[] = [];
    for (const before of await this.people.lockAll(tx, handles)) {
      if (!cannotAnswer(before)) continue;
      const after = await this.people.save(tx, asOwner(before));
      await this.sessions.follow(tx, before, after);
      entries.push(...historyOfPerson(before, after, { at, by, source, cause: 'has something to answer for' }));
    }
    return entries;
  }
}

/** Somebody active whose roles let them answer for nothing, in the console and over HTTP. */
export function cannotAnswer(person: Person): boolean {
  const role = roleOf(person);
  return person.active && role !== 'owner' && role !== 'admin';
}

export function asOwner(person: Person): Person {
  return { ...person, roles: [...person.roles, 'owner'] };
}
